/**
 * A digest of what a value holds, by which two servers can tell whether they hold the same (DEBUG DIGEST). It is the
 * one that redis-server makes, so that ours and theirs can be compared.
 *
 * The encodings may differ, and with them the order in which a set is walked. So elements whose order means nothing
 * are digested one by one and their digests added up by exclusive or; those whose order counts are chained. It is no
 * secret and no proof against somebody who wants two values to look alike.
 */

import { sha1 } from '../lib/digests.js'

const BYTES = 20

export class ValueDigest {
  private readonly sum: Buffer = Buffer.alloc(BYTES)
  /** That of one element with several parts. */
  private readonly part: Buffer = Buffer.alloc(BYTES)

  /** What comes next, where the order counts: the elements of a list, ids and fields of a stream. */
  ordered(...parts: readonly Uint8Array[]): void {
    for (const part of parts) mix(this.sum, part)
  }

  /** One of those whose order does not count: a member of a set, a whole key. */
  unordered(element: Uint8Array): void {
    add(this.sum, element)
  }

  /** The same for one of several parts in their order: a field with its value. `mark` stands for what else it has. */
  unorderedParts(parts: readonly Uint8Array[], mark: Uint8Array | null = null): void {
    this.part.fill(0)
    for (const part of parts) mix(this.part, part)
    if (mark !== null) add(this.part, mark)
    add(this.sum, this.part)
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
}

function add(sum: Buffer, element: Uint8Array): void {
  const digest = sha1(element)
  for (let i = 0; i < BYTES; i++) sum[i] ^= digest[i]
}

function mix(sum: Buffer, element: Uint8Array): void {
  add(sum, element)
  sha1(sum).copy(sum)
}
