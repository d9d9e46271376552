/**
 * The options of a command: tokens in any order, each with its value.
 *
 * They are read in two passes, tokens first and their values after, so that a wrong token is a syntax error even
 * behind a bad number, as in Redis. The same token twice: the last one holds. Two tokens of one choice: a
 * syntax error.
 */

import { SYNTAX } from '../resp/errors.js'
import type { Request } from '../resp/request.js'
import {
  type AnyArgument,
  type Argument,
  type ArgumentDoc,
  type Arguments,
  type Parsed,
  Words,
} from './argument.js'

/** What a token is followed by: nothing. */
export function nothing(): Argument<true> {
  return {
    min: 0,
    max: 0,
    parse: () => true,
    place: () => undefined,
    doc: name => ({ name, type: 'pure-token' }),
  }
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
