/**
 * Group commit (`appendfsync always`): when to begin a sync.
 *
 * The obvious rule, as soon as somebody waits, splits a crowd: fifty clients that were answered together come back over
 * several turns of the loop; the first five would take the next sync for themselves and the others wait for two. So
 * while fewer wait than were answered last, the sync waits for the rest, though no longer than half of what a sync
 * takes. A group that did not come back in full sets the measure for the next; a few are never waited for.
 *
 * Times are monotonic ms.
 */

/** From so many writers on, a group is worth waiting for. */
const GROUP_MIN = 8

export class CommitGroup {
  private expected = 0
  private answeredMs = -Infinity
  private tookMs = 0

  /** A sync that took so long has ended, and so many writers are answered. */
  answered(writers: number, tookMs: number, nowMs: number): void {
    this.expected = writers
    this.tookMs = tookMs
    this.answeredMs = nowMs
  }

  /** True when `writers` wait and more are about to come. */
  gathers(writers: number, nowMs: number): boolean {
    if (writers === 0 || this.expected < GROUP_MIN || writers >= this.expected) return false
    return nowMs - this.answeredMs < this.tookMs / 2
  }
}
