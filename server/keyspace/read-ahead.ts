/**
 * Reading ahead: the memory that the next keys lead to, asked for at once.
 *
 * A look-up waits for memory twice, for the bucket and for the entry, and does next to nothing between: in a data set
 * that outgrows the core's cache that was a third of the time of a pipelined command. A core can wait for a dozen
 * such reads at the same time, but only when it meets them close together. So before a row of requests runs,
 * their keys are hashed, then all buckets are read, then all entries; when the commands come they find everything
 * near, and the hash done.
 *
 * It is a guess, and harmless: nothing depends on it. What is taken for a key need not be one, and the key may be
 * gone, or the client in another database, when its command runs.
 */

import type { Mem } from '../lib/bytes.js'
import type { Dict } from '../memory/dict.js'
import { PREFETCH_MAX } from '../memory/dict-table.js'
import type { Lookahead } from '../resp/lookahead.js'
import type { Request } from '../resp/request.js'

/** A table with fewer keys is near anyway. */
const KEYS_MIN = 4096

export class ReadAhead {
  private readonly hashes = new Int32Array(PREFETCH_MAX)

  /** For a row of requests: their second words are taken for keys. */
  requests(keys: Dict, ahead: Lookahead, mem: Mem): void {
    const { count, hashes } = ahead
    if (keys.count < KEYS_MIN) return
    for (let i = 0; i < count; i++) {
      const length = ahead.keyLength(i)
      if (length >= 0) hashes[i] = keys.hashAt(mem, ahead.keyAt(i), length)
    }
    keys.prefetch(hashes, count)
  }

  /** For a command of many keys: every `step`th word from `from` on; answers the first that was left for later. */
  words(keys: Dict, { words, count }: Request, from: number, step: number): number {
    if (keys.count < KEYS_MIN) return count
    const { hashes } = this
    let found = 0
    let at = from
    for (; at < count && found < PREFETCH_MAX; at += step) {
      const key = words[at]
      key.hash = keys.hash(key)
      hashes[found++] = key.hash
    }
    keys.prefetch(hashes, found)
    return at
  }
}
