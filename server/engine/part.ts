/** What a room brings to the server. The entry point lists the parts and reads like a table of contents. */

import type { Command } from './command.js'
import type { Engine, ShutdownOptions } from './engine.js'
import type { Gate } from './gates.js'

/** Name and value of a line of INFO. */
export type InfoField = readonly [name: string, value: string | number]

export interface InfoSection {
  /** Lower case, as asked for; the heading has a capital. */
  readonly name: string
  /** Shown by a plain INFO; otherwise only by name, ALL or EVERYTHING. */
  readonly default: boolean
  fields(engine: Engine): Iterable<InfoField>
}

export interface Part {
  readonly name: string
  readonly commands?: readonly Command[]
  readonly gates?: readonly Gate[]
  readonly info?: readonly InfoSection[]
  /** Called once when the engine is built: registers hooks, listeners, sinks. */
  install?(engine: Engine): void
  /** Brings in what the part keeps (the data), before the server says that it is ready. Rejects: it cannot start. */
  start?(engine: Engine): Promise<void>
  /** Called `hz` times a second. */
  tick?(engine: Engine, nowMs: number): void
  /** Waits for what others must have before the server ends. Answers why it must not end yet, or null. */
  beforeStop?: (engine: Engine, options: ShutdownOptions) => Promise<string | null>
  /**
   * Nobody is waited for any more: gives up what need not be finished, before others put away what must be kept. Answers
   * why the server must not end yet, or null.
   */
  beginStop?: (engine: Engine, options: ShutdownOptions) => string | null
  /** Puts away what must be kept, before the server ends. Answers why it must not end yet, or null. */
  stop?: (engine: Engine, options: ShutdownOptions) => Promise<string | null>
  /** The process is to end at once: whatever is half made must not stay behind. */
  abandon?(engine: Engine): Promise<void>
}
