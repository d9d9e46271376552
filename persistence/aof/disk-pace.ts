/**
 * Whether a disk answers so soon that the loop may wait for it as it waits for memory.
 *
 * A file is asked on the loop or beside it. Beside it costs nobody's time but a thread's, and another's to be woken, twice:
 * where the cores are busy that takes longer than a good disk does. On the loop it costs what it takes, which is 4 us
 * for a write that the page cache takes and 0.1 ms for a sync of a fast disk; and a second where the disk is in trouble.
 *
 * So the disk is judged by how long it took: on the loop while its answers take less than a millisecond on the whole,
 * beside it for two seconds after a single one that took over 20 ms; less may be the cores', not the disk's. What the
 * loop risks is one long answer in two seconds, of a disk that was quick until then.
 */

const QUICK_US = 1000
const LONG_US = 20_000
const DISTRUST_MS = 2000
/** The weight of an answer in the mean. */
const SHARE = 1 / 16

export class DiskPace {
  /** Monotonic ms of the last answer that took long. */
  private longAtMs = -Infinity

  /** `meanUs`: what is believed before the first answer. */
  constructor(private meanUs: number) {}

  /** An answer has come. `nowMs`: monotonic. */
  took(us: number, nowMs: number): void {
    this.meanUs += (us - this.meanUs) * SHARE
    if (us > LONG_US) this.longAtMs = nowMs
  }

  isQuick(nowMs: number): boolean {
    return this.meanUs < QUICK_US && nowMs - this.longAtMs >= DISTRUST_MS
  }
}
