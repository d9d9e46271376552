/** What the pieces of the argument grammar have in common: see grammar.ts. */

import type { Span } from '../lib/bytes.js'
import { SYNTAX } from '../resp/errors.js'
import type { Request } from '../resp/request.js'
import type { KeySpec } from './key-specs.js'

/** Reads the words of a request in order. */
export class Words {
  constructor(
    readonly request: Request,
    public at = 1,
  ) {}

  get left(): number {
    return this.request.count - this.at
  }

  next(): Span {
    if (this.at >= this.request.count) throw SYNTAX
    return this.request.word(this.at++)
  }
}

/** What COMMAND DOCS says of one argument. */
export interface ArgumentDoc {
  readonly name: string
  readonly type:
    'key' | 'string' | 'integer' | 'double' | 'pattern' | 'unix-time' | 'pure-token' | 'oneof' | 'block'
  readonly token?: string
  readonly optional?: boolean
  readonly multiple?: boolean
  readonly keySpec?: number
  /** A number stands in front of it that says how many there are: the name of that. */
  readonly countedBy?: string
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

/** The same argument, which COMMAND DOCS calls by another name than the code. */
export function called<T>(name: string, argument: Argument<T>): Argument<T> {
  return { ...argument, doc: () => argument.doc(name) }
}

/** What there is several of is described by one of them. */
export function oneOfSeveral<T>(part: Argument<T>, name: string): ArgumentDoc {
  return { ...part.doc(name.replace(/s$/, '')), multiple: true }
}

/** Any argument, whatever it parses to. */
export type AnyArgument = Argument<unknown>
export type Arguments = Readonly<Record<string, AnyArgument>>
/** The object that a grammar parses to. */
export type Parsed<A extends Arguments> = {
  -readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never
}
