/** Where a rehearsal takes place: an engine of its own, and one client whose wire leads nowhere. */

import { snapshotRuns, writeSnapshot } from '../../persistence/rdb/snapshot-run.js'
import { Config } from '../config/config.js'
import { Engine } from '../engine/engine.js'
import type { Part } from '../engine/part.js'
import { Mem, Span } from '../lib/bytes.js'
import { silentLog } from '../lib/log.js'
import { ClientLimits } from '../net/limits.js'
import { Connection } from '../net/connection.js'
import { Outbox } from '../net/outbox.js'
import { CommandText, type CommandWord } from '../resp/command-text.js'
import { HEADROOM, READ_BYTES } from '../resp/parser.js'
import { WireToNowhere } from './wire-to-nowhere.js'

/** Numbers come in this order, that is in none, and come again after so many commands. */
const NUMBERS = 12_007
const STRIDE = 7919
/** Names are all equally long, as they mostly are. */
const NAME_DIGITS = 12
/** Of all lengths: what is too short to compress, and what needs one, two or five bytes to say how long it is. */
const TEXT_MAX = 100
const LONG_EVERY = 50
const LONG_BYTES = 700
const HUGE_EVERY = 2000
const HUGE_BYTES = 10_000

export class Stage {
  readonly engine: Engine
  private readonly connection: Connection
  private readonly request = new CommandText()
  private readonly read = new Mem(new ArrayBuffer(HEADROOM + READ_BYTES))
  private readonly text = new Span(Mem.copyOf(prose(2 * HUGE_BYTES)), 0, 0)
  private number = 0

  /** With the clock and the chance of the engine whose rehearsal it is, and the same parts. */
  constructor({ clock, random }: Engine, parts: readonly Part[]) {
    const config = new Config({ directory: '/' })
    this.engine = new Engine({ clock, random, log: silentLog(), config }, parts)
    const outbox = new Outbox(this.engine, new ClientLimits(this.engine))
    this.connection = new Connection(this.engine, new WireToNowhere(), outbox)
  }

  /** A pipeline of commands like this one comes. */
  play(command: string, times: number): void {
    const { request } = this
    const row = command.split(' ; ').map(one => one.split(' '))
    request.clear()
    for (let i = 0; i < times; i++) for (const words of row) this.write(words)
    const { bytes } = request
    for (let at = 0; at < bytes.length; at += READ_BYTES) this.receive(bytes.subarray(at, at + READ_BYTES))
  }

  /** Begins a snapshot that nobody keeps, unless one is under way. */
  keepSaving(): void {
    if (snapshotRuns(this.engine).current !== null) return
    writeSnapshot(this.engine, { write: () => Promise.resolve() }).done.catch(() => undefined)
  }

  leave(): void {
    snapshotRuns(this.engine).current?.cancel()
    this.connection.closed()
  }

  private write(words: readonly string[]): void {
    this.number = (this.number + STRIDE) % NUMBERS
    this.request.addCount(words.length)
    for (const word of words) this.request.addWord(this.filledIn(word))
  }

  private receive(bytes: Uint8Array): void {
    this.read.u8.set(bytes, HEADROOM)
    this.connection.received(this.read, HEADROOM, bytes.length)
  }

  private filledIn(word: string): CommandWord {
    if (word === '#') return this.number
    return word === '~' ? this.nextText() : word.replace('#', `${this.number}`.padStart(NAME_DIGITS, '0'))
  }

  private nextText(): Span {
    const { number, text } = this
    text.start = number
    text.length =
      number % HUGE_EVERY === 0
        ? HUGE_BYTES
        : number % LONG_EVERY === 0
          ? LONG_BYTES
          : 1 + (number % TEXT_MAX)
    return text
  }
}

function prose(bytes: number): Uint8Array {
  const words = Array.from({ length: bytes / 8 }, (_, i) => `the ${i * STRIDE} `)
  return Buffer.from(words.join(''), 'latin1').subarray(0, bytes)
}
