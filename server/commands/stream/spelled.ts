/** Arguments that a command of this family reads itself, where the order of Redis' complaints asks for it. */

import { type Argument, type ArgumentDoc, Words } from '../../engine/grammar.js'
import type { Request } from '../../resp/request.js'

/** Words to the end of the request. `read` gets their place; `docs` says what they are. */
export function spelled<T>(
  min: number,
  docs: readonly ArgumentDoc[],
  read: (request: Request, at: number) => T,
): Argument<T> {
  return {
    min,
    max: Infinity,
    parse: words => {
      const { at } = words
      words.at = words.request.count
      return read(words.request, at)
    },
    place: layout => {
      layout.position = 0
    },
    doc: name => ({ name, type: 'block', arguments: docs }),
  }
}

/** As `spelled`, read only when the command asks for it. */
export function spelledLate(min: number, docs: readonly ArgumentDoc[]): Argument<Words> {
  return spelled(min, docs, (request, at) => new Words(request, at))
}

// What the docs say --------------------------------------------------------------------------------------------

export const word = (name: string, more: Partial<ArgumentDoc> = {}): ArgumentDoc => ({
  name,
  type: 'string',
  ...more,
})
export const number = (name: string, more: Partial<ArgumentDoc> = {}): ArgumentDoc => ({
  name,
  type: 'integer',
  ...more,
})
export const mark = (token: string): ArgumentDoc => ({ name: token.toLowerCase(), type: 'pure-token', token })
export const maybe = (doc: ArgumentDoc): ArgumentDoc => ({ ...doc, optional: true })
export const either = (name: string, ...choices: ArgumentDoc[]): ArgumentDoc => ({
  name,
  type: 'oneof',
  arguments: choices,
})
export const block = (name: string, ...parts: ArgumentDoc[]): ArgumentDoc => ({
  name,
  type: 'block',
  arguments: parts,
})
export const many = (doc: ArgumentDoc): ArgumentDoc => ({ ...doc, multiple: true })
