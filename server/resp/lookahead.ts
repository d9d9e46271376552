/**
 * The plain requests of a read, found before the first of them runs: what the next commands will need can be
 * fetched from memory for all of them at once (keyspace/read-ahead.ts).
 *
 * Plain is `*d`, up to eight words of up to 999 bytes, all of it there: no limit forbids that, whoever asks. Anything
 * else ends the search, and is the parser's own, with its states and its sentences. What was found is only a note of
 * where words lie; whoever stops in the middle (a client that must wait) drops it and loses nothing.
 *
 * One serves all connections, since a connection runs its requests in one go and drops what it did not come to.
 */

import { type Mem, sameBytes } from '../lib/bytes.js'
import type { Request } from './request.js'

const CR = 13
const STAR = 42
const DOLLAR = 36
const ZERO = 48

/** As many loads as a core has under way at once, and more. */
const REQUESTS_MAX = 32
const WORDS_MAX = 8
/** A word takes no less: `$0`, the empty line, and two line ends. */
const WORD_BYTES_MIN = 6

export class Lookahead {
  /** Requests found. */
  count = 0
  /** The first that was not taken. */
  private next = 0
  private readonly ends = new Int32Array(REQUESTS_MAX)
  private readonly words = new Int32Array(REQUESTS_MAX)
  /** By request and word. */
  private readonly starts = new Int32Array(REQUESTS_MAX * WORDS_MAX)
  private readonly lengths = new Int32Array(REQUESTS_MAX * WORDS_MAX)
  /** The keyspace's hashes of words, where somebody has computed them; 0: nobody has. */
  private readonly hashes = new Int32Array(REQUESTS_MAX * WORDS_MAX)

  /** How many wait to be taken. */
  get left(): number {
    return this.count - this.next
  }

  /** Finds the plain requests that begin at `at`; answers how many. */
  find({ u8 }: Mem, at: number, end: number): number {
    let found = 0
    while (found < REQUESTS_MAX) {
      at = this.note(u8, at, end, found)
      if (at < 0) break
      this.ends[found++] = at
    }
    this.next = 0
    return (this.count = found)
  }

  /** Lets `request` have the words of the next one; answers where it ends. */
  take(request: Request, mem: Mem): number {
    const index = this.next++
    const first = index * WORDS_MAX
    const after = first + this.words[index]
    request.clear()
    for (let i = first; i < after; i++) request.push(mem, this.starts[i], this.lengths[i], this.hashes[i])
    return this.ends[index]
  }

  drop(): void {
    this.count = this.next = 0
  }

  /** How many words a request has. */
  wordsOf(index: number): number {
    return this.words[index]
  }

  /** Where a word of a request begins, the first being word 0; and its length. */
  wordAt(index: number, word: number): number {
    return this.starts[index * WORDS_MAX + word]
  }

  wordLength(index: number, word: number): number {
    return this.lengths[index * WORDS_MAX + word]
  }

  /** Whether two requests have the same second word. */
  sameKey(mem: Mem, a: number, b: number): boolean {
    if (this.words[a] < 2 || this.words[b] < 2) return false
    const length = this.wordLength(a, 1)
    return (
      length === this.wordLength(b, 1) && sameBytes(mem, this.wordAt(a, 1), mem, this.wordAt(b, 1), length)
    )
  }

  /** Notes the hash of a word, for who runs the request. */
  setHash(index: number, word: number, hash: number): void {
    this.hashes[index * WORDS_MAX + word] = hash
  }

  /** Notes where the words of the request at `at` lie; answers its end, or -1 when it is not plain. */
  private note(u8: Uint8Array, at: number, end: number, index: number): number {
    if (at + 4 > end || u8[at] !== STAR || u8[at + 2] !== CR) return -1
    const words = u8[at + 1] - ZERO
    if (words < 1 || words > WORDS_MAX) return -1
    const first = index * WORDS_MAX
    this.words[index] = words
    at += 4
    for (let i = first; i < first + words; i++) {
      if (at + WORD_BYTES_MIN > end || u8[at] !== DOLLAR) return -1
      const digits = digitsAt(u8, at + 1)
      if (digits === 0) return -1
      const length = numberAt(u8, at + 1, digits)
      at += digits + 3
      this.starts[i] = at
      this.lengths[i] = length
      this.hashes[i] = 0
      at += length + 2
      if (at > end) return -1
    }
    return at
  }
}

/** How many digits make the length at `at`: one to three and the end of the line behind them; 0 for anything else. */
function digitsAt(u8: Uint8Array, at: number): number {
  if (!isDigit(u8[at])) return 0
  if (u8[at + 1] === CR) return 1
  if (u8[at] === ZERO || !isDigit(u8[at + 1])) return 0
  if (u8[at + 2] === CR) return 2
  return isDigit(u8[at + 2]) && u8[at + 3] === CR ? 3 : 0
}

function numberAt(u8: Uint8Array, at: number, digits: number): number {
  let value = u8[at] - ZERO
  for (let i = 1; i < digits; i++) value = value * 10 + u8[at + i] - ZERO
  return value
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 57
}
