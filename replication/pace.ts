/** Something that is due once in a period, by a clock that is looked at now and then. */
export class Pace {
  private lastMs = -Infinity

  /**
   * Whether it is due now; then it is not again before the period has passed. A look that comes late does not make the
   * next one late too, so that on average the period is kept; what was missed altogether is not made up for.
   */
  isDue(nowMs: number, periodMs: number): boolean {
    const lateMs = nowMs - this.lastMs - periodMs
    if (lateMs < 0) return false
    this.lastMs = lateMs < periodMs ? nowMs - lateMs : nowMs
    return true
  }

  /** The period begins now. */
  begin(nowMs: number): void {
    this.lastMs = nowMs
  }
}
