/** How much one answer may hold: entries of each stream, entries and bytes of all; and never less than one entry. */

import type { ReadRequest } from './read-request.js'

export class Portion {
  private entries = 0
  private bytes = 0

  constructor(private readonly asked: ReadRequest) {}

  /** Whether another entry of a stream that gave `count` may follow. */
  admits(count: number): boolean {
    return count < this.asked.count && !this.isSpent
  }

  /** An entry was given. MAXSIZE counts the bytes of its reply. */
  take(bytes: number): void {
    this.entries++
    this.bytes += bytes
  }

  get isSpent(): boolean {
    return this.entries > 0 && (this.entries >= this.asked.maxCount || this.bytes >= this.asked.maxSize)
  }
}
