/** The cursor of SCAN and its kin, as an argument. */

import { parseUint64 } from '../../lib/integer.js'
import { type Argument, bytes } from '../../engine/grammar.js'
import { INVALID_CURSOR } from '../../resp/errors.js'

/** Any unsigned 64-bit integer, read loosely; ours have 32 bits, and the rest of a foreign one is let go. */
export function cursor(): Argument<number> {
  return {
    ...bytes(),
    parse: words => {
      const value = parseUint64(words.next())
      if (value === null) throw INVALID_CURSOR
      return Number(BigInt.asUintN(32, value))
    },
    doc: name => ({ name, type: 'integer' }),
  }
}
