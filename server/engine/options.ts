/**
 * The options of a command: tokens in any order, each with its value.
 *
 * They are read from the left, and the first fault is the one told, as in most commands of Redis; a command that looks
 * at its numbers later takes them as `bytes()`. The same token twice: the last one holds. Two tokens of one choice: a
 * syntax error.
 */

import { SYNTAX } from '../resp/errors.js'
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

/** Choices in any order to the end of the request. `once`: the same token twice is a syntax error too. */
export function options<C extends Choices>(choices: C, { once = false } = {}): Argument<Chosen<C>> {
  const known = tokensOf(choices)
  return {
    min: 0,
    max: Infinity,
    parse: words => {
      const chosen: Record<string, unknown> = {}
      for (const name in choices) chosen[name] = choices[name].absent
      if (words.left > 0) readTokens(words, known, once, chosen)
      return chosen as Chosen<C>
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

/** A token that a command knows: `name` is that of its choice. */
interface Known {
  readonly token: string
  readonly name: string
  readonly choice: Choice<unknown>
}

/** By lower-case token. */
function tokensOf(choices: Choices): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>()
  for (const [name, choice] of Object.entries(choices)) {
    for (const token in choice.tokens) known.set(token.toLowerCase(), { token, name, choice })
  }
  return known
}

function readTokens(
  words: Words,
  known: ReadonlyMap<string, Known>,
  once: boolean,
  chosen: Record<string, unknown>,
): void {
  const tokens = new Map<string, string>()
  while (words.left > 0) {
    const said = known.get(words.next().latin1().toLowerCase())
    if (said === undefined) throw SYNTAX
    const { token, name, choice } = said
    const earlier = tokens.get(name)
    if (earlier !== undefined && (once || earlier !== token)) throw SYNTAX
    if (words.left < choice.tokens[token].min) throw SYNTAX
    tokens.set(name, token)
    chosen[name] = choice.value(token, choice.tokens[token].parse(words))
  }
}
