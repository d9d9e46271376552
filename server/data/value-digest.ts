/**
 * A digest of what a value holds, by which two servers can tell whether they hold the same (DEBUG DIGEST).
 *
 * The encodings may differ, and with them the order in which a set is walked. So elements whose order means
 * nothing are digested one by one and their digests added up by exclusive or; those whose order counts are
 * chained. It is no secret and no proof against somebody who wants two values to look alike.
 */

import { sha1 } from '../lib/sha256.js'

const BYTES = 20

export class ValueDigest {
  private sum: Buffer = Buffer.alloc(BYTES)

  /** The next element, where the order counts: of a list, of a string its only one. */
  ordered(...parts: readonly Uint8Array[]): void {
    this.sum = sha1(Buffer.concat([this.sum, framed(parts)]))
  }

  /** One of the elements, where it does not: a member, a field with its value. */
  unordered(...parts: readonly Uint8Array[]): void {
    this.add(sha1(framed(parts)))
  }

  /** Adds up another digest. */
  add(other: Uint8Array): void {
    for (let i = 0; i < BYTES; i++) this.sum[i] ^= other[i]
  }

  /** The digest so far: 20 bytes. */
  get bytes(): Buffer {
    return this.sum
  }

  get hex(): string {
    return this.sum.toString('hex')
  }
}

/** Each part behind its length, so that `a` and `bc` differ from `ab` and `c`. */
function framed(parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts.flatMap(part => [lengthOf(part), part]))
}

function lengthOf(part: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(part.length)
  return length
}
