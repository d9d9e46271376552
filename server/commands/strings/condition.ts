/** Conditions on what a string holds: by its bytes, or by their digest where these are long. */

import { bytes, called } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { xxh3 } from '../../lib/xxh3.js'
import { BAD_DIGEST } from '../../resp/errors.js'

const value = called('comparison-value', bytes())
const digest = called('comparison-digest', bytes())
export const comparisons = { IFEQ: value, IFNE: value, IFDEQ: digest, IFDNE: digest }

export interface Comparison {
  readonly token: keyof typeof comparisons
  readonly value: Span
}

/** Whether `held` is as the client expects. Throws BAD_DIGEST. */
export function isMet({ token, value }: Comparison, held: Span): boolean {
  switch (token) {
    case 'IFEQ':
      return held.equals(value)
    case 'IFNE':
      return !held.equals(value)
    case 'IFDEQ':
      return digestOf(held) === readDigest(value)
    case 'IFDNE':
      return digestOf(held) !== readDigest(value)
  }
}

/** XXH3 in 16 hex digits, as DIGEST answers it. */
export function digestOf(held: Span): string {
  return xxh3(held.mem.u8, held.start, held.length).toString(16).padStart(16, '0')
}

function readDigest(word: Span): string {
  const text = word.latin1()
  if (!/^[0-9a-f]{16}$/i.test(text)) throw BAD_DIGEST
  return text.toLowerCase()
}
