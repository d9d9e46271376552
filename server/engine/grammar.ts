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
 *      options({ get: flag('GET'), expiry: choice({ EX: integer(), KEEPTTL: nothing() }) })   in any order, last
 *      rest()                                         words that the command reads itself
 *
 * Options are read in two passes, tokens first and their values after, so that a wrong token is a syntax error
 * even behind a bad number, as in Redis. The same token twice: the last one holds. Two tokens of one choice: a
 * syntax error.
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
import type { KeyFind, KeyFlag, KeySpec } from './key-specs.js'

/** Reads the words of a request in order. */
export class Words {
  at = 1

  constructor(
    readonly request: Request,
    at = 1,
  ) {
    this.at = at
  }

  get left(): number {
    return this.request.count - this.at
  }

  next(): Span {
    if (this.at >= this.request.count) throw SYNTAX
    return this.request.words[this.at++]
  }
}

/** What COMMAND DOCS says of one argument. */
export interface ArgumentDoc {
  readonly name: string
  readonly type: 'key' | 'string' | 'integer' | 'double' | 'pattern' | 'unix-time' | 'pure-token' | 'oneof' | 'block'
  readonly token?: string
  readonly optional?: boolean
  readonly multiple?: boolean
  readonly keySpec?: number
  readonly arguments?: readonly ArgumentDoc[]
}

/** Collects what a command's arguments say about keys, as their positions become known. */
export interface Layout {
  /** The position of the next word, or 0 when it varies. */
  position: number
  readonly keySpecs: KeySpec[]
}

export interface Argument<T> {
  /** Words at least and at most. */
  readonly min: number
  readonly max: number
  parse(words: Words): T
  /** Advances the layout over this argument, adding key specs. */
  place(layout: Layout): void
  doc(name: string): ArgumentDoc
}

/** Any argument, whatever it parses to. */
export type AnyArgument = Argument<unknown>
export type Arguments = Readonly<Record<string, AnyArgument>>
/** The object that a grammar parses to. */
export type Parsed<A extends Arguments> = { -readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never }

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
export function oneOf<const W extends string>(words: readonly W[], error: CommandError = SYNTAX): Argument<W> {
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
  const value = parseInteger(span)
  if (!Number.isNaN(value)) return value
  const wide = parseInt64(span)
  if (wide === null) throw error
  return Number(wide)
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
      if (words.left % part.min !== 0) throw torn ?? wrongArity(words.request.words[0].latin1().toLowerCase())
      while (words.left > 0) values.push(part.parse(words))
      return values
    },
    place: layout => {
      const before = layout.keySpecs.length
      part.place(layout)
      widen(layout, before, { last: -1, step: part.min, limit: 0 })
      layout.position = 0
    },
    doc: name => ({ ...part.doc(name), multiple: true, ...(least === 0 ? { optional: true } : {}) }),
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
    place: layout => {
      const before = layout.keySpecs.length
      part.place(layout)
      widen(layout, before, { countAt: 0, first: 1, step: part.min })
      layout.position = 0
    },
    doc: name => ({ ...part.doc(name), multiple: true }),
  }
}

function widen(layout: Layout, from: number, find: KeyFind): void {
  for (let i = from; i < layout.keySpecs.length; i++) layout.keySpecs[i] = { ...layout.keySpecs[i], find }
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

// Options ---------------------------------------------------------------------------------------------------

/** What a token is followed by: nothing. */
export function nothing(): Argument<true> {
  return { min: 0, max: 0, parse: () => true, place: () => undefined, doc: name => ({ name, type: 'pure-token' }) }
}

/** A set of tokens of which at most one is given, each with its value. */
export interface Choice<T> {
  readonly tokens: Readonly<Record<string, AnyArgument>>
  /** The value when no token is given. */
  readonly absent: T
  value(token: string, parsed: unknown): T
  doc(name: string): ArgumentDoc
}

type Choices = Readonly<Record<string, Choice<unknown>>>
type Chosen<C extends Choices> = { -readonly [K in keyof C]: C[K] extends Choice<infer T> ? T : never }

/** A token that is there or not. */
export function flag(token: string): Choice<boolean> {
  return {
    tokens: { [token]: nothing() },
    absent: false,
    value: () => true,
    doc: name => ({ name, type: 'pure-token', token, optional: true }),
  }
}

/** A token with a value; null when it is not given. */
export function token<T>(name: string, value: Argument<T>): Choice<T | null> {
  return {
    tokens: { [name]: value },
    absent: null,
    value: (_, parsed) => parsed as T,
    doc: argument => ({ ...value.doc(argument), token: name, optional: true }),
  }
}

type Picked<R extends Arguments> = { [K in keyof R]: { token: K; value: Parsed<R>[K] } }[keyof R]

/** At most one of several tokens; null, or which one and its value. */
export function choice<R extends Arguments>(tokens: R): Choice<Picked<R> | null> {
  return {
    tokens,
    absent: null,
    value: (name, parsed) => ({ token: name, value: parsed }) as Picked<R>,
    doc: name => ({
      name,
      type: 'oneof',
      optional: true,
      arguments: Object.entries(tokens).map(([t, part]) => ({ ...part.doc(t.toLowerCase()), token: t })),
    }),
  }
}

interface Found {
  token: string
  at: number
}

/** Choices in any order to the end of the request. `once`: the same token twice is a syntax error too. */
export function options<C extends Choices>(choices: C, { once = false } = {}): Argument<Chosen<C>> {
  const byToken = new Map<string, [name: string, value: AnyArgument]>()
  for (const [name, entry] of Object.entries(choices)) {
    for (const [t, value] of Object.entries(entry.tokens)) byToken.set(t.toLowerCase(), [name, value])
  }
  return {
    min: 0,
    max: Infinity,
    parse: words => {
      const found = words.left > 0 ? findTokens(words, byToken, once) : null
      const parsed: Record<string, unknown> = {}
      for (const name in choices) {
        const hit = found?.get(name)
        parsed[name] = hit === undefined ? choices[name].absent : valueOf(choices[name], hit, words.request)
      }
      return parsed as Chosen<C>
    },
    place: layout => {
      layout.position = 0
    },
    doc: name => ({
      name,
      type: 'block',
      optional: true,
      arguments: Object.entries(choices).map(([part, entry]) => entry.doc(part)),
    }),
  }
}

function findTokens(
  words: Words,
  byToken: Map<string, [string, AnyArgument]>,
  once: boolean,
): Map<string, Found> {
  const found = new Map<string, Found>()
  while (words.left > 0) {
    const name = words.next().latin1().toLowerCase()
    const known = byToken.get(name)
    if (known === undefined) throw SYNTAX
    const [choiceName, value] = known
    const earlier = found.get(choiceName)
    if (earlier !== undefined && (once || earlier.token !== name)) throw SYNTAX
    if (words.left < value.min) throw SYNTAX
    found.set(choiceName, { token: name, at: words.at })
    words.at += value.min
  }
  return found
}

function valueOf(entry: Choice<unknown>, hit: Found, request: Request): unknown {
  const name = Object.keys(entry.tokens).find(t => t.toLowerCase() === hit.token) ?? hit.token
  return entry.value(name, entry.tokens[name].parse(new Words(request, hit.at)))
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
      const words = new Words(request, nameWords)
      const parsed = parseAll(entries, words)
      if (words.left > 0) throw nameWords === 1 ? SYNTAX : tooManyWords(request)
      return parsed
    },
  }
}

function tooManyWords({ words }: Request): CommandError {
  return misusedSubcommand(words[1].latin1(), words[0].latin1())
}

/** Options are a matter of the grammar: for readers of the docs they are arguments like others. */
function docsOf(entries: readonly (readonly [string, AnyArgument])[]): ArgumentDoc[] {
  return entries.flatMap(([name, part]) => {
    const doc = part.doc(name)
    return name === 'options' ? [...(doc.arguments ?? [])] : [doc]
  })
}

function parseAll(entries: readonly (readonly [string, AnyArgument])[], words: Words): Record<string, unknown> {
  const parsed: Record<string, unknown> = {}
  for (const [name, part] of entries) parsed[name] = part.parse(words)
  return parsed
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
