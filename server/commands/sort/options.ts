/** The words of SORT behind the key: `[BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE key]`. */

import { type Argument, type ArgumentDoc, type Words, integer, readInteger } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { SYNTAX } from '../../resp/errors.js'

export interface SortOptions {
  by: Span | null
  offset: number
  /** Negative: all. */
  count: number
  readonly get: Span[]
  descending: boolean
  alpha: boolean
  store: Span | null
}

/** How many words follow an option. */
const VALUES: Readonly<Record<string, number>> = {
  asc: 0,
  desc: 0,
  alpha: 0,
  limit: 2,
  by: 1,
  get: 1,
  store: 1,
}

const DOCS: readonly ArgumentDoc[] = [
  { name: 'by-pattern', type: 'pattern', token: 'BY', optional: true },
  {
    name: 'limit',
    type: 'block',
    token: 'LIMIT',
    optional: true,
    arguments: [integer().doc('offset'), integer().doc('count')],
  },
  { name: 'get-pattern', type: 'pattern', token: 'GET', optional: true, multiple: true },
  {
    name: 'order',
    type: 'oneof',
    optional: true,
    arguments: [
      { name: 'asc', type: 'pure-token', token: 'ASC' },
      { name: 'desc', type: 'pure-token', token: 'DESC' },
    ],
  },
  { name: 'sorting', type: 'pure-token', token: 'ALPHA', optional: true },
]
const STORE_DOC: ArgumentDoc = { name: 'destination', type: 'key', token: 'STORE', optional: true }

/** The words are read one after the other, as Redis does: which of two errors is told depends on it. */
export function sortOptions(mayStore: boolean): Argument<SortOptions> {
  return {
    min: 0,
    max: Infinity,
    parse: words => {
      const read: SortOptions = {
        by: null,
        offset: 0,
        count: -1,
        get: [],
        descending: false,
        alpha: false,
        store: null,
      }
      while (words.left > 0) readOption(words, read, mayStore)
      return read
    },
    place: layout => {
      layout.position = 0
    },
    doc: name => ({ name, type: 'block', optional: true, arguments: mayStore ? [...DOCS, STORE_DOC] : DOCS }),
  }
}

function readOption(words: Words, read: SortOptions, mayStore: boolean): void {
  const name = words.next().latin1().toLowerCase()
  const values = VALUES[name] as number | undefined
  if (values === undefined || words.left < values || (name === 'store' && !mayStore)) throw SYNTAX
  if (name === 'asc' || name === 'desc') read.descending = name === 'desc'
  else if (name === 'alpha') read.alpha = true
  else if (name === 'by') read.by = words.next()
  else if (name === 'get') read.get.push(words.next())
  else if (name === 'store') read.store = words.next()
  else {
    read.offset = readInteger(words.next())
    read.count = readInteger(words.next())
  }
}

/** The positions of the keys that can be told: the one that is sorted, and the last that STORE names. */
export function sortKeys(words: readonly string[]): number[] {
  let store = 0
  for (let at = 2; at < words.length; at++) {
    const name = words[at].toLowerCase()
    if (name === 'store' && at + 1 < words.length) store = at + 1
    at += VALUES[name] ?? 0
  }
  return store === 0 ? [1] : [1, store]
}
