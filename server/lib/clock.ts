/**
 * The door to time.
 *
 * Two clocks are behind it, because they answer different questions. The *wall* clock says what the calendar
 * says; expiry dates are wall times. It jumps whenever somebody corrects it. The *monotonic* clock never jumps
 * and says nothing about the date; timeouts, latencies and the sentinel's suspicions are measured with it.
 *
 * Timers belong to the door too: on a virtual clock an hour passes in a microsecond, in the same order every
 * time, which is what makes a cluster in the simulator replayable from its seed.
 */

import { TimerQueue, type Appointment } from './timer-queue.js'

export interface Timer {
  /** Harmless when the timer has already run or was cancelled before. */
  cancel(): void
}

export interface TimerOptions {
  /** True when the process has to stay alive for this timer. Timers do not hold it otherwise. */
  ref?: boolean
}

export interface Clock {
  /** Integer milliseconds since 1970. */
  wallMs(): number
  /** Integer microseconds since 1970; below 2^53 until the year 2255. */
  wallUs(): number
  /** Microseconds since some moment in the past, with a fraction. */
  monotonicUs(): number
  /** Runs `run` once, no earlier than after this delay (at least 1 ms, fractions dropped). */
  after(delayMs: number, run: () => void, options?: TimerOptions): Timer
  /** Runs `run` again and again, the first time after about one interval (at least 1 ms, fractions dropped). */
  every(intervalMs: number, run: () => void, options?: TimerOptions): Timer
  /** Runs `run` when the sockets that are readable now have been read: the end of this turn of the loop. */
  soon(run: () => void): void
  /** Microseconds for which the loop has been at work, rather than waiting for something to do. */
  busyUs(): number
  /** Stops everything for this long, as a command that never ends would: for DEBUG SLEEP. */
  stall(us: number): void
}

/** What Node's timers can count to; beyond it they would fire at once. */
const NODE_DELAY_MAX_MS = 2 ** 31 - 1

function wholeMs(ms: number): number {
  return ms >= 1 ? Math.trunc(ms) : 1
}

export function systemClock(): Clock {
  return new SystemClock()
}

class SystemClock implements Clock {
  /** What to add to the monotonic clock to get the wall clock; see `wallUs`. */
  private wallOffsetUs = Date.now() * 1000 - this.monotonicUs()

  wallMs(): number {
    return Date.now()
  }

  /**
   * Node tells the wall time in milliseconds only. The microseconds come from the monotonic clock, tied to the
   * wall clock by an offset that is corrected whenever the sum leaves the millisecond that `Date.now` shows. So
   * it follows the wall clock through its jumps, never contradicts `wallMs`, and goes back only when that does.
   */
  wallUs(): number {
    const monotonicUs = this.monotonicUs()
    const earliestUs = Date.now() * 1000
    const guessUs = Math.floor(monotonicUs + this.wallOffsetUs)
    if (guessUs >= earliestUs && guessUs <= earliestUs + 999) return guessUs
    const wallUs = guessUs < earliestUs ? earliestUs : earliestUs + 999
    this.wallOffsetUs = wallUs - monotonicUs
    return wallUs
  }

  monotonicUs(): number {
    return performance.now() * 1000
  }

  /**
   * Node counts a delay from the time at which this turn of the loop began, so a timer set late in a long turn
   * fires early; and it cannot count beyond 24 days. Both are cured by waiting again for what is left.
   */
  after(delayMs: number, run: () => void, options?: TimerOptions): Timer {
    const dueUs = this.monotonicUs() + wholeMs(delayMs) * 1000
    let handle: NodeJS.Timeout
    const wait = (): void => {
      const leftMs = Math.ceil((dueUs - this.monotonicUs()) / 1000)
      if (leftMs <= 0) return run()
      handle = setTimeout(wait, Math.min(leftMs, NODE_DELAY_MAX_MS))
      if (!options?.ref) handle.unref()
    }
    wait()
    return { cancel: () => clearTimeout(handle) }
  }

  every(intervalMs: number, run: () => void, options?: TimerOptions): Timer {
    const handle = setInterval(run, Math.min(wholeMs(intervalMs), NODE_DELAY_MAX_MS))
    if (!options?.ref) handle.unref()
    return { cancel: () => clearInterval(handle) }
  }

  soon(run: () => void): void {
    setImmediate(run)
  }

  busyUs(): number {
    return performance.eventLoopUtilization().active * 1000
  }

  stall(us: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, us / 1000)
  }
}

/** Where virtual time begins unless told otherwise: a million seconds after 1970, easy to recognise and to add to. */
const START_WALL_MS = 1_000_000_000

/**
 * Time that passes only when told to.
 *
 * Callbacks run inside `advance`, in the order in which they fall due and, when due together, in the order of
 * asking. What was handed to `soon` runs before time moves on. Nothing ever runs inside `after` or `soon`.
 */
export class VirtualClock implements Clock {
  private nowUs = 0
  private stalledUs = 0
  private wallAheadUs: number
  private asked = 0
  private readonly queue = new TimerQueue()
  private turn: (() => void)[] = []

  constructor(startWallMs = START_WALL_MS) {
    this.wallAheadUs = startWallMs * 1000
  }

  wallMs(): number {
    return Math.floor(this.wallUs() / 1000)
  }

  wallUs(): number {
    return Math.floor(this.nowUs + this.wallAheadUs)
  }

  monotonicUs(): number {
    return this.nowUs
  }

  after(delayMs: number, run: () => void): Timer {
    return this.enqueue({ dueUs: this.nowUs + wholeMs(delayMs) * 1000, order: 0, waiting: false, run })
  }

  every(intervalMs: number, run: () => void): Timer {
    const intervalUs = wholeMs(intervalMs) * 1000
    const again = (): void => {
      one.dueUs += intervalUs
      this.enqueue(one)
      run()
    }
    const one = { dueUs: this.nowUs + intervalUs, order: 0, waiting: false, run: again }
    return this.enqueue(one)
  }

  soon(run: () => void): void {
    this.turn.push(run)
  }

  /** Virtual time passes while the loop waits, unless it is stalled. */
  busyUs(): number {
    return this.stalledUs
  }

  /** Time passes and nothing runs: what fell due is late. */
  stall(us: number): void {
    this.nowUs += us
    this.stalledUs += us
  }

  /**
   * Lets this much time pass (fractions of a millisecond count) and runs all that falls due on the way. What stalls
   * on the way may take longer than that: time does not go back to where it was to end.
   */
  advance(ms: number): void {
    const untilUs = this.nowUs + ms * 1000
    this.runTurns()
    while (this.nextDueUs() <= untilUs) this.runNext()
    this.nowUs = Math.max(this.nowUs, untilUs)
  }

  /** Lets time pass up to the next timer and runs it. False when nothing is left to wait for. */
  step(): boolean {
    this.runTurns()
    return this.runNext()
  }

  /** Sets the wall clock forwards or backwards, as an administrator would: no timer notices. */
  jumpWall(byMs: number): void {
    this.wallAheadUs += byMs * 1000
  }

  private enqueue(one: Appointment): Timer {
    one.order = this.asked++
    this.queue.add(one)
    return { cancel: () => this.queue.cancel(one) }
  }

  private nextDueUs(): number {
    return this.queue.peek()?.dueUs ?? Infinity
  }

  private runNext(): boolean {
    const next = this.queue.take()
    if (next === undefined) return false
    this.nowUs = Math.max(this.nowUs, next.dueUs)
    next.run()
    this.runTurns()
    return true
  }

  /** Turn after turn until one asks for nothing: what is asked for during a turn belongs to the next. */
  private runTurns(): void {
    while (this.turn.length > 0) {
      const turn = this.turn
      this.turn = []
      for (const run of turn) run()
    }
  }
}
