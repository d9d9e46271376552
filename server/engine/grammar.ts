/**
 * The argument grammar: what a command accepts, said once.
 *
 * A command names its arguments in order; from that one description follow the parse (typed), the arity, the key
 * specs, the syntax errors and COMMAND DOCS. The pieces:
 *
 *      key('RO', 'access')            a key, and what happens to it
 *      bytes() text() integer() double()
 *      group({ field: bytes(), value: bytes() })      several words together
 *      optional(x)   repeated(x)                      at the end of the positional part
 *      counted(x)                                     "numkeys key [key ...]"
 *      leading(x, n)                                  all but the last n words
 *      options({ get: flag('GET'), expiry: choice({ EX: integer(), KEEPTTL: nothing() }) })   in any order, last
 *      rest()                                         words that the command reads itself
 *
 * Spans that come out of a parse live as long as the request.
 */

import type { Span } from '../lib/bytes.js'
import { parseDouble } from '../lib/double.js'
import { parseInt64, parseInteger } from '../lib/integer.js'
import {
  type CommandError,
  NOT_FLOAT,
  NOT_INTEGER,
  SYNTAX,
  misusedSubcommand,
  wrongArity,
} from '../resp/errors.js'
import type { Request } from '../resp/request.js'
import {
  type AnyArgument,
  type Argument,
  type ArgumentDoc,
  type Arguments,
  type Layout,
  type Parsed,
  Words,
  oneOfSeveral,
} from './argument.js'
import { WordRow } from './word-row.js'
import type { KeyFind, KeyFlag, KeySpec } from './key-specs.js'

export * from './argument.js'
export * from './options.js'

/** One word of some kind. */
function word<T>(type: ArgumentDoc['type'], read: (span: Span) => T): Argument<T> {
  return {
    min: 1,
    max: 1,
    parse: words => read(words.next()),
    place: layout => {
      if (layout.position > 0) layout.position++
    },
    doc: name => ({ name, type }),
  }
}

export const bytes = (): Argument<Span> => word('string', span => span)
export const pattern = (): Argument<Span> => word('pattern', span => span)
/** A word as latin1 text. */
export const text = (): Argument<string> => word('string', span => span.latin1())

/** One of a few words (in capitals), in any case; `error` answers any other. */
export function oneOf<const W extends string>(
  words: readonly W[],
  error: CommandError = SYNTAX,
): Argument<W> {
  const read = (span: Span): W => {
    const found = words.find(each => span.is(each.toLowerCase()))
    if (found === undefined) throw error
    return found
  }
  const docs = words.map(each => ({ name: each.toLowerCase(), type: 'pure-token', token: each }) as const)
  return { ...word('oneof', read), doc: name => ({ name, type: 'oneof', arguments: docs }) }
}

/** A 64-bit integer as a number: beyond 2^53 its last digits are lost, which ranges and counts do not mind. */
export function integer(limits: { min?: number; max?: number; error?: CommandError } = {}): Argument<number> {
  const { min = -Infinity, max = Infinity, error = NOT_INTEGER } = limits
  return word('integer', span => {
    const value = readInteger(span, error)
    if (value < min || value > max) throw error
    return value
  })
}

export function readInteger(span: Span, error: CommandError = NOT_INTEGER): number {
  return Number(readInt64(span, error))
}

/** A 64-bit integer with all its digits: a number when safe, else a bigint. */
export const int64 = (error: CommandError = NOT_INTEGER): Argument<number | bigint> =>
  word('integer', span => readInt64(span, error))

export function readInt64(span: Span, error: CommandError = NOT_INTEGER): number | bigint {
  const value = parseInteger(span)
  if (!Number.isNaN(value)) return value
  const wide = parseInt64(span)
  if (wide === null) throw error
  return wide
}

export const double = (error: CommandError = NOT_FLOAT): Argument<number> =>
  word('double', span => readDouble(span, error))

export function readDouble(span: Span, error: CommandError = NOT_FLOAT): number {
  const value = parseDouble(span)
  if (Number.isNaN(value)) throw error
  return value
}

/** A key, with what the command does to it. */
export function key(...flags: KeyFlag[]): Argument<Span> {
  return {
    min: 1,
    max: 1,
    parse: words => words.next(),
    place: layout => {
      layout.keySpecs.push({ flags, begin: { index: layout.position }, find: { last: 0, step: 1, limit: 0 } })
      if (layout.position > 0) layout.position++
    },
    doc: name => ({ name, type: 'key' }),
  }
}

/** Several arguments that come together. */
export function group<A extends Arguments>(parts: A): Argument<Parsed<A>> {
  const entries = Object.entries(parts)
  return {
    min: sum(entries.map(([, part]) => part.min)),
    max: sum(entries.map(([, part]) => part.max)),
    parse: words => parseAll(entries, words) as Parsed<A>,
    place: layout => {
      for (const [, part] of entries) part.place(layout)
    },
    doc: name => ({ name, type: 'block', arguments: entries.map(([part, spec]) => spec.doc(part)) }),
  }
}

/** An argument that may be missing at the end. */
export function optional<T>(part: Argument<T>): Argument<T | null> {
  return {
    min: 0,
    max: part.max,
    parse: words => (words.left > 0 ? part.parse(words) : null),
    place: layout => {
      part.place(layout)
    },
    doc: name => ({ ...part.doc(name), optional: true }),
  }
}

/**
 * One or more to the end of the request; `least` 0 allows none. `torn` answers a last one of too few words: the wrong
 * number of arguments, unless told otherwise.
 */
export function repeated<T>(
  part: Argument<T>,
  least: 0 | 1 = 1,
  torn: CommandError | null = null,
): Argument<T[]> {
  return {
    min: least * part.min,
    max: Infinity,
    parse: words => {
      const values: T[] = []
      if (words.left % part.min !== 0) throw torn ?? wrongArity(words.request.word(0).latin1().toLowerCase())
      while (words.left > 0) values.push(part.parse(words))
      return values
    },
    place: layout => placeMany(part, layout, { last: -1, step: part.min, limit: 0 }),
    doc: name => ({ ...oneOfSeveral(part, name), ...(least === 0 ? { optional: true } : {}) }),
  }
}

/** As `repeated`, for words that are taken as they stand. */
export function row(part: Argument<Span>, least: 0 | 1 = 1): Argument<WordRow> {
  return {
    ...repeated(part, least),
    parse: words => {
      const here = new WordRow(words.request, words.at)
      words.at = words.request.count
      return here
    },
  }
}

/** One or more, up to `behind` words before the end: the keys of BLPOP, behind which stands a timeout. */
export function leading<T>(part: Argument<T>, behind: number): Argument<T[]> {
  return {
    min: part.min,
    max: Infinity,
    parse: words => {
      const values: T[] = []
      while (words.left > behind) values.push(part.parse(words))
      return values
    },
    place: layout => placeMany(part, layout, { last: -1 - behind, step: part.min, limit: 0 }),
    doc: name => oneOfSeveral(part, name),
  }
}

/**
 * A count and that many arguments: `numkeys key [key ...]`. `error` answers a count below 1, `short` one that is more
 * than there are.
 */
export function counted<T>(part: Argument<T>, error: CommandError, short = SYNTAX): Argument<T[]> {
  return {
    min: 1 + part.min,
    max: Infinity,
    parse: words => {
      const count = readInteger(words.next(), error)
      if (count < 1) throw error
      if (count * part.min > words.left) throw short
      return Array.from({ length: count }, () => part.parse(words))
    },
    place: layout => placeMany(part, layout, { countAt: 0, first: 1, step: part.min }),
    doc: name => ({ ...oneOfSeveral(part, name), countedBy: 'numkeys' }),
  }
}

/** Places an argument that comes many times: nobody knows where the next one stands. */
function placeMany(part: AnyArgument, layout: Layout, find: KeyFind): void {
  const { keySpecs } = layout
  const before = keySpecs.length
  part.place(layout)
  for (let i = before; i < keySpecs.length; i++) keySpecs[i] = { ...keySpecs[i], find }
  layout.position = 0
}

/** The words from here on, as their range: the command reads them itself. */
export function rest(least = 0): Argument<Words> {
  return {
    min: least,
    max: Infinity,
    parse: words => {
      const here = new Words(words.request, words.at)
      words.at = words.request.count
      return here
    },
    place: layout => {
      layout.position = 0
    },
    doc: name => ({ name, type: 'string', optional: least === 0, multiple: true }),
  }
}

// Whole commands --------------------------------------------------------------------------------------------

/** What follows from a command's arguments. */
export interface Compiled {
  /** As COMMAND tells it: the exact count of words with the name, or minus the least. */
  readonly arity: number
  readonly keySpecs: readonly KeySpec[]
  readonly docs: readonly ArgumentDoc[]
  parse(request: Request): unknown
}

/** `nameWords`: 1, or 2 for a subcommand. */
export function compile(args: Arguments, nameWords: number): Compiled {
  const entries = Object.entries(args)
  const min = nameWords + sum(entries.map(([, part]) => part.min))
  const max = nameWords + sum(entries.map(([, part]) => part.max))
  const layout: Layout = { position: nameWords, keySpecs: [] }
  for (const [, part] of entries) part.place(layout)
  return {
    arity: min === max ? min : -min,
    keySpecs: layout.keySpecs,
    docs: docsOf(entries),
    parse: request => {
      if (request.count > max) throw tooManyWords(request, nameWords)
      const words = new Words(request, nameWords)
      const parsed = parseAll(entries, words)
      if (words.left > 0) throw tooManyWords(request, nameWords)
      return parsed
    },
  }
}

function tooManyWords(request: Request, nameWords: number): CommandError {
  return nameWords === 1 ? SYNTAX : misusedSubcommand(request.word(1).latin1(), request.word(0).latin1())
}

/** Options are a matter of the grammar: for readers of the docs they are arguments like others. */
function docsOf(entries: readonly (readonly [string, AnyArgument])[]): ArgumentDoc[] {
  return entries.flatMap(([name, part]) => {
    const doc = part.doc(name)
    if (name === 'options') return [...(doc.arguments ?? [])]
    return doc.countedBy === undefined ? [doc] : [{ name: doc.countedBy, type: 'integer' }, doc]
  })
}

function parseAll(
  entries: readonly (readonly [string, AnyArgument])[],
  words: Words,
): Record<string, unknown> {
  const parsed: Record<string, unknown> = {}
  for (const [name, part] of entries) parsed[name] = part.parse(words)
  return parsed
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
