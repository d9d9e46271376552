/**
 * The end of a master: its replicas get what they have not got yet, for at most `shutdown-timeout` seconds.
 *
 * Writes are paused meanwhile, so that there is an end to it. SHUTDOWN ABORT calls it off; SHUTDOWN NOW does not wait.
 */

import type { Engine, ShutdownOptions } from '../server/engine/engine.js'
import { RoomKey } from '../server/engine/rooms.js'
import type { Master } from './master.js'
import type { Replica } from './replica.js'

const SECOND_MS = 1000
const ABORTED = 'Shutdown manually aborted.'

interface Wait {
  /** Monotonic ms. */
  readonly deadlineMs: number
  /** Null: the end may come; else why it does not. */
  readonly end: (reason: string | null) => void
}

export class Farewell {
  private wait: Wait | null = null

  constructor(
    private readonly engine: Engine,
    private readonly master: Master,
  ) {}

  /** How long the replicas may still take; null when nobody waits for them. */
  get leftMs(): number | null {
    return this.wait === null ? null : Math.max(0, this.wait.deadlineMs - this.engine.nowMs)
  }

  /** Resolves when the replicas have all, or have had their time: to null, or to why there will be no end. */
  async say({ now }: ShutdownOptions): Promise<string | null> {
    const { engine, master } = this
    const timeoutMs = engine.config.values.shutdownTimeout * SECOND_MS
    if (!now && timeoutMs > 0 && this.lagging().length > 0) {
      engine.log.notice('Waiting for replicas before shutting down.')
      master.requestAcks()
      this.standStill()
      const reason = await new Promise<string | null>(end => {
        this.wait = { deadlineMs: engine.nowMs + timeoutMs, end }
      })
      if (reason !== null) return reason
    }
    this.takeStock()
    this.standStill()
    return null
  }

  /** What is in no file must not be in the history that the files speak of. */
  private standStill(): void {
    this.engine.pause.begin('shutdown', 'write', Infinity)
  }

  /** Looks whether the replicas have all by now, or no time any more. */
  consider(): void {
    if (this.wait !== null && (this.leftMs === 0 || this.lagging().length === 0)) this.endWait(null)
  }

  /** False when there is nothing to call off. */
  abort(): boolean {
    if (this.wait === null) return false
    this.engine.log.notice(ABORTED)
    this.engine.pause.end('shutdown')
    this.endWait(ABORTED)
    return true
  }

  private endWait(reason: string | null): void {
    const { wait } = this
    this.wait = null
    wait?.end(reason)
  }

  private lagging(): Replica[] {
    return [...this.master.replicas].filter(({ ackOffset }) => ackOffset !== this.master.offset)
  }

  private takeStock(): void {
    const { log } = this.engine
    const { replicas, offset } = this.master
    const lagging = this.lagging()
    for (const replica of lagging) {
      const lag = replica.state === 'online' ? this.master.lagSeconds(replica) : 0
      log.warning(
        `Lagging replica ${replica.name} reported offset ${offset - replica.ackOffset} behind master, lag=${lag}, ` +
          `state=${replica.state}.`,
      )
    }
    if (replicas.size > 0)
      log.notice(
        `${replicas.size - lagging.length} of ${replicas.size} replicas are in sync when shutting down.`,
      )
  }
}

export const FAREWELL = new RoomKey<Farewell>('farewell to replicas')
