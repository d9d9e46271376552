/**
 * Reading ahead: the memory that the next keys lead to, asked for at once.
 *
 * A look-up waits for memory twice, for the bucket and for the entry, and does next to nothing between: in a data set
 * that outgrows the core's cache that was a third of the time of a pipelined command. A core can wait for a dozen
 * such reads at the same time, but only when it meets them close together. So before a row of requests runs,
 * their keys are hashed, then all buckets are read, then all entries; when the commands come they find everything
 * near, and the hash done.
 *
 * Where all the requests of a row name one collection, as a row of SADD or HSET may, it is its elements that are far:
 * the words that are likely to be some are looked for in its table. The key is hashed and found once.
 *
 * It is a guess, and harmless: nothing depends on it. What is taken for a key need not be one, and the key may be
 * gone, or the client in another database, when its command runs.
 */

import { type Mem, Span } from '../lib/bytes.js'
import type { Dict } from '../memory/dict.js'
import { PREFETCH_MAX } from '../memory/dict-table.js'
import type { Lookahead } from '../resp/lookahead.js'
import type { Request } from '../resp/request.js'
import type { Tables } from './tables.js'

/** A table with fewer keys is near anyway. */
const KEYS_MIN = 4096
/** With fewer requests there is nothing to be had from what they have in common. */
const ROW_MIN = 4

/** What is known of a collection's entry. */
export interface Collections {
  /** The table of its elements, where it has one. */
  tableOf(ref: number): Dict | null
  /** Which of so many words of a command is likely to be an element of it. */
  elementAmong(ref: number, words: number): number
}

export class ReadAhead {
  private readonly hashes = new Int32Array(PREFETCH_MAX)
  private readonly key = Span.of('')

  constructor(private readonly collections: Collections) {}

  /** For a row of requests: their second words are taken for keys. */
  requests(tables: Tables, ahead: Lookahead, mem: Mem): void {
    const { count } = ahead
    const { keys } = tables
    if (count >= ROW_MIN && ahead.sameKey(mem, 0, 1)) this.elements(tables, ahead, mem)
    else if (keys.count >= KEYS_MIN) this.keys(keys, ahead, mem)
  }

  private keys(keys: Dict, ahead: Lookahead, mem: Mem): void {
    const { hashes } = this
    let found = 0
    for (let i = 0; i < ahead.count; i++) {
      if (ahead.wordsOf(i) > 1) hashes[found++] = noteHash(keys, ahead, mem, i, 1)
    }
    keys.prefetch(hashes, found)
  }

  /** The first key is that of others, too. */
  private elements(tables: Tables, ahead: Lookahead, mem: Mem): void {
    const { hashes, collections } = this
    const key = this.key.set(mem, ahead.wordAt(0, 1), ahead.wordLength(0, 1))
    const hash = tables.keys.hash(key)
    const ref = tables.findCommon(key, hash)
    const table = ref === 0 ? null : collections.tableOf(ref)
    const far = table !== null && table.count >= KEYS_MIN
    let found = 0
    for (let i = 0; i < ahead.count; i++) {
      if (!ahead.sameKey(mem, 0, i)) continue
      ahead.setHash(i, 1, hash)
      const words = ahead.wordsOf(i)
      if (!far || words < 3) continue
      hashes[found++] = noteHash(table, ahead, mem, i, collections.elementAmong(ref, words))
    }
    if (far) table.prefetch(hashes, found)
  }

  /** For a command of many keys: every `step`th word from `from` on; answers the first that was left for later. */
  words(keys: Dict, request: Request, from: number, step: number): number {
    const { count } = request
    if (keys.count < KEYS_MIN) return count
    const { hashes } = this
    let found = 0
    let at = from
    for (; at < count && found < PREFETCH_MAX; at += step) {
      const hash = keys.hash(request.word(at))
      request.setHash(at, hash)
      hashes[found++] = hash
    }
    keys.prefetch(hashes, found)
    return at
  }
}

function noteHash(table: Dict, ahead: Lookahead, mem: Mem, index: number, word: number): number {
  const hash = table.hashAt(mem, ahead.wordAt(index, word), ahead.wordLength(index, word))
  ahead.setHash(index, word, hash)
  return hash
}
