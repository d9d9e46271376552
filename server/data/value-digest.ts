/**
 * A digest of what a value holds, by which two servers can tell whether they hold the same (DEBUG DIGEST).
 *
 * The encodings may differ, and with them the order in which a set is walked. So elements whose order means
 * nothing are digested one by one and their digests added up by exclusive or; those whose order counts are
 * chained. It is no secret and no proof against somebody who wants two values to look alike.
 */

import { sha1 } from '../lib/digests.js'

const BYTES = 20
const LENGTH_BYTES = 4
const FIRST_BYTES = 256

export class ValueDigest {
  private readonly sum: Buffer = Buffer.alloc(BYTES)
  /** What the next digest is taken of. */
  private text: Buffer = Buffer.allocUnsafe(FIRST_BYTES)
  private length = 0

  /** The next element, where the order counts: of a list, of a string its only one. */
  ordered(...parts: readonly Uint8Array[]): void {
    this.write([this.sum, ...parts])
    this.digestText().copy(this.sum)
  }

  /** One of the elements, where it does not: a member, a field with its value. */
  unordered(...parts: readonly Uint8Array[]): void {
    this.write(parts)
    const digest = this.digestText()
    for (let i = 0; i < BYTES; i++) this.sum[i] ^= digest[i]
  }

  /** Begins anew. */
  reset(): void {
    this.sum.fill(0)
  }

  /** The digest so far: 20 bytes, good until the next call. */
  get bytes(): Buffer {
    return this.sum
  }

  get hex(): string {
    return this.sum.toString('hex')
  }

  /** Each part behind its length, so that `a` and `bc` differ from `ab` and `c`. */
  private write(parts: readonly Uint8Array[]): void {
    this.length = 0
    for (const part of parts) {
      this.room(LENGTH_BYTES + part.length)
      this.length = this.text.writeUInt32LE(part.length, this.length)
      this.text.set(part, this.length)
      this.length += part.length
    }
  }

  private room(bytes: number): void {
    if (this.length + bytes <= this.text.length) return
    const larger = Buffer.allocUnsafe((this.length + bytes) * 2)
    this.text.copy(larger, 0, 0, this.length)
    this.text = larger
  }

  private digestText(): Buffer {
    return sha1(this.text.subarray(0, this.length))
  }
}
