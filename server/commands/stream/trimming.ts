/** How XADD and XTRIM are told to trim, and what they tell others about it. */

import type { ArgumentDoc } from '../../engine/grammar.js'
import type { Context } from '../../engine/context.js'
import { readInteger } from '../../engine/grammar.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'
import type { References, Trim } from '../../data/stream/trim.js'
import type { Span } from '../../lib/bytes.js'
import type { CommandWord } from '../../resp/command-text.js'
import type { Request } from '../../resp/request.js'
import {
  LIMIT_WITHOUT_TILDE,
  LIMIT_WITHOUT_TRIM,
  NEGATIVE_LIMIT,
  NEGATIVE_MAXLEN,
  TWO_TRIMS,
} from '../../resp/stream-errors.js'
import { readId } from './ids.js'
import { block, either, mark, maybe, number, word } from './spelled.js'

/** An approximate trim without LIMIT does the work of so many nodes; bounds for odd node sizes. */
const NODES_AT_ONCE = 100
const LIMIT_UNKNOWN = 10_000
const LIMIT_MAX = 1_000_000

const TILDE = 126
const EQUALS = 61

export const referencesDoc: ArgumentDoc = maybe(
  either('condition', mark('KEEPREF'), mark('DELREF'), mark('ACKED')),
)

export const trimDoc: ArgumentDoc = block(
  'trim',
  either('strategy', mark('MAXLEN'), mark('MINID')),
  maybe(either('operator', { ...mark('='), name: 'equal' }, { ...mark('~'), name: 'approximately' })),
  word('threshold'),
  maybe({ ...number('count'), token: 'LIMIT' }),
)

/** Options as they are met. */
export class Trimming {
  maxLength = Infinity
  minId: StreamId | null = null
  approximate = false
  references: References = 'KEEPREF'
  /** Where the threshold stands among the words; 0: there is no trim. */
  thresholdAt = 0
  private limit = 0
  private limited = false

  get asked(): boolean {
    return this.thresholdAt > 0
  }

  /** Reads the option at `at`, if it is one of these; answers the place behind it, or `at`. */
  read(request: Request, at: number): number {
    const { count } = request
    const option = request.word(at)
    const more = count - 1 - at
    const references = referencesOf(option)
    if (references !== null) {
      this.references = references
      return at + 1
    }
    if (more > 0 && option.is('maxlen')) return this.readThreshold(request, at, false)
    if (more > 0 && option.is('minid')) return this.readThreshold(request, at, true)
    if (more === 0 || !option.is('limit')) return at
    this.limit = readInteger(request.word(at + 1))
    if (this.limit < 0) throw NEGATIVE_LIMIT
    this.limited = true
    return at + 2
  }

  /** The rule that the options make; null: no trim was asked for. Throws when they do not fit together. */
  rule({ session, config }: Context): Trim | null {
    const { maxLength, minId, approximate, references } = this
    if (this.limited && !approximate && !session.trusted) throw LIMIT_WITHOUT_TILDE
    if (!this.asked) return null
    if (session.trusted) return { maxLength, minId, approximate, references, limit: 0 }
    const limit = this.limited ? this.limit : approximate ? usualLimit(config.values.streamNodeMaxEntries) : 0
    return { maxLength, minId, approximate, references, limit }
  }

  check(): void {
    if (this.limit > 0 && !this.asked) throw LIMIT_WITHOUT_TRIM
  }

  /** Puts what came of an approximate trim into the words that others will repeat. */
  restate(words: CommandWord[], stream: Stream): void {
    words[this.thresholdAt - 1] = '='
    if (this.minId === null) {
      words[this.thresholdAt] = stream.length
      return
    }
    const first = StreamId.greatest()
    stream.edgeId(first)
    words[this.thresholdAt] = first.toString()
  }

  private readThreshold(request: Request, at: number, isMinId: boolean): number {
    const { count } = request
    if (this.asked) throw TWO_TRIMS
    let threshold = at + 1
    const sign = count - threshold >= 2 ? operatorOf(request.word(threshold)) : 0
    this.approximate = sign === TILDE
    if (sign !== 0) threshold++
    if (isMinId) this.minId = readId(request.word(threshold))
    else this.maxLength = readMaxLength(request.word(threshold))
    this.thresholdAt = threshold
    return threshold + 1
  }
}

export function referencesOf(option: Span): References | null {
  if (option.is('keepref')) return 'KEEPREF'
  if (option.is('delref')) return 'DELREF'
  return option.is('acked') ? 'ACKED' : null
}

function operatorOf(word: Span): number {
  const sign = word.length === 1 ? word.at(0) : 0
  return sign === TILDE || sign === EQUALS ? sign : 0
}

function readMaxLength(word: Span): number {
  const length = readInteger(word)
  if (length < 0) throw NEGATIVE_MAXLEN
  return length
}

function usualLimit(nodeEntries: number): number {
  const limit = NODES_AT_ONCE * nodeEntries
  return limit <= 0 ? LIMIT_UNKNOWN : Math.min(limit, LIMIT_MAX)
}
