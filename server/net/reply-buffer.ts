/**
 * The size of a reply buffer as Redis keeps one per client: CLIENT LIST shows it as `rbs`, its peak as `rbp`.
 *
 * Ours are chunks on loan, and an idle client has none. But the figure tells an operator how much a client's
 * replies fill in a turn, so it is kept: the buffer doubles when a turn has filled it, and shrinks to the peak
 * when half of it would have done. The peak is forgotten every few seconds.
 */

const LEAST_BYTES = 1024
const MOST_BYTES = 16 * 1024

export class ReplyBuffer {
  size = MOST_BYTES
  peak = 0
  private peakSinceMs = 0

  /** A turn has produced this many bytes. */
  filled(bytes: number): void {
    if (bytes > this.peak) this.peak = Math.min(bytes, this.size)
  }

  /** Once a second or so. `peakMs`: for how long a peak counts; negative: for ever. */
  adapt(nowMs: number, peakMs: number): void {
    const { size, peak } = this
    if (size / 2 >= LEAST_BYTES && peak < size / 2) this.size = Math.max(LEAST_BYTES, peak + 1)
    else if (size < MOST_BYTES && peak === size) this.size = Math.min(MOST_BYTES, size * 2)
    if (peakMs < 0 || nowMs - this.peakSinceMs < peakMs) return
    this.peak = 0
    this.peakSinceMs = nowMs
  }
}
