/** When the log is rewritten by itself: pure rules. */

/** After so many failures in a row the next attempt has to wait. */
const FAILURES_MIN = 3
const DELAY_MAX_MINUTES = 60

/** How far the log has outgrown its size after the last rewrite, in percent. */
export function growthPercent(currentBytes: number, baseBytes: number): number {
  return Math.floor((currentBytes * 100) / Math.max(1, baseBytes)) - 100
}

export interface Growth {
  readonly currentBytes: number
  /** The size after the last rewrite. */
  readonly baseBytes: number
  /** auto-aof-rewrite-percentage; 0: never. */
  readonly percentage: number
  /** auto-aof-rewrite-min-size. */
  readonly minBytes: number
}

export function hasOutgrown({ currentBytes, baseBytes, percentage, minBytes }: Growth): boolean {
  if (percentage === 0 || currentBytes <= minBytes) return false
  return growthPercent(currentBytes, baseBytes) >= percentage
}

/**
 * Every rewrite that fails leaves one more incremental file, so the third failure in a row makes the next attempt
 * wait: one minute, and twice as long each time, up to an hour. Who asks with BGREWRITEAOF does not wait.
 */
export class RewriteLimit {
  private delayMinutes = 0
  private nextMs = 0

  /** `tell` is called when a wait begins, with its minutes. */
  holds(failures: number, nowMs: number, tell: (minutes: number) => void): boolean {
    if (failures < FAILURES_MIN) {
      this.delayMinutes = 0
      this.nextMs = 0
      return false
    }
    if (this.nextMs !== 0) {
      if (nowMs < this.nextMs) return true
      this.nextMs = 0
      return false
    }
    this.delayMinutes = Math.min(DELAY_MAX_MINUTES, Math.max(1, this.delayMinutes * 2))
    this.nextMs = nowMs + this.delayMinutes * 60_000
    tell(this.delayMinutes)
    return true
  }
}
