/**
 * CLIENT PAUSE: commands that come now run later.
 *
 * Somebody wants the data to stand still: an operator before a manual failover, FAILOVER and SHUTDOWN while their
 * replicas catch up, MIGRATE while its keys travel. A command that must not run is not refused: its words are copied,
 * its session waits, and when the pause is over the commands run in the order in which they came, each before whatever
 * its client sent after.
 *
 * A pause of mode `write` lets reads through. In order that nothing reaches the replicas all the same, neither expiry
 * nor eviction may delete while any pause is on: they ask `active`.
 *
 * Pauses have purposes. Several may be on together: the strictest mode and the latest end hold, and the same
 * purpose asked again only makes its pause stricter or longer.
 *
 * The commands run at the end of the turn in which the pause ends and not sooner, for it may end in the middle of
 * another command (CLIENT UNPAUSE).
 */

import type { Context } from './context.js'
import type { Engine } from './engine.js'
import { EngineAlert, type Gate } from './gates.js'
import type { Session } from './session.js'

export type PauseMode = 'write' | 'all'
export type PausePurpose = 'client' | 'shutdown' | 'failover' | 'start' | 'migrate'

interface Interval {
  readonly mode: PauseMode
  /** Monotonic ms. */
  readonly endMs: number
}

export class ClientPause {
  private readonly intervals = new Map<PausePurpose, Interval>()
  /** A pause has ended and those it held have not run yet. */
  private ended = false

  constructor(private readonly engine: Engine) {
    engine.endOfTurn.unshift(() => this.resume())
  }

  /** True while clients are paused, in whatever mode: nothing may be expired or evicted. */
  get active(): boolean {
    return this.mode !== null
  }

  /** The strictest mode of the pauses that are on. */
  get mode(): PauseMode | null {
    if (this.intervals.size === 0) return null
    this.dropExpired()
    return modeOf(this.intervals.values())
  }

  /** Pauses for `durationMs`; Infinity: until `end`. */
  begin(purpose: PausePurpose, mode: PauseMode, durationMs: number): void {
    const endMs = this.engine.nowMs + durationMs
    const before = this.intervals.get(purpose)
    this.intervals.set(purpose, {
      mode: before?.mode === 'all' ? 'all' : mode,
      endMs: Math.max(endMs, before?.endMs ?? 0),
    })
    this.announce()
  }

  end(purpose: PausePurpose): void {
    if (this.intervals.delete(purpose)) this.announce()
  }

  /** Ends pauses whose time is up. */
  dropExpired(): void {
    const { nowMs } = this.engine
    for (const [purpose, { endMs }] of this.intervals) if (endMs <= nowMs) this.end(purpose)
  }

  /** Whether the context's command must wait. Replicas never do: what they say helps the pause to its end. */
  holds(ctx: Context): boolean {
    const { mode } = this
    const { session } = ctx
    if (mode === null || session.class === 'replica') return false
    if (session.trusted && session.transport.kind === 'inside') return false
    return mode === 'all' || ctx.any('write') || ctx.any('may_replicate')
  }

  /** Keeps the command of this session for the end of the pause. */
  postpone(session: Session): void {
    const request = session.request.clone()
    this.engine.waiting.wait(session, {
      kind: 'pause',
      db: session.db,
      keys: [],
      deadlineMs: Infinity,
      serve: () => false,
      giveUp: () => {
        const own = session.request
        session.request = request
        this.engine.execute(session)
        session.request = own
      },
    })
  }

  private announce(): void {
    const { engine } = this
    const on = this.intervals.size > 0
    engine.keyspace.paused = on
    engine.setAlert(EngineAlert.paused, on)
    this.ended = true
    engine.wantTurn()
  }

  /** Runs what was kept. What must still wait (another pause is on) is kept again, in the same order. */
  private resume(): void {
    if (!this.ended) return
    this.ended = false
    this.engine.beginTurn()
    this.engine.waiting.release('pause')
    this.engine.settle()
  }
}

function modeOf(intervals: Iterable<Interval>): PauseMode | null {
  let strictest: PauseMode | null = null
  for (const { mode } of intervals) if (strictest !== 'all') strictest = mode
  return strictest
}

/** What may not run at all is refused at once, also during a pause. */
export const pauseGate: Gate = {
  name: 'client pause',
  order: 1000,
  onlyWhenItComes: true,
  check: ctx => {
    const { pause, alert } = ctx.engine
    if ((alert & EngineAlert.paused) === 0 || !pause.holds(ctx)) return null
    pause.postpone(ctx.session)
    return 'later'
  },
}
