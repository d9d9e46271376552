/**
 * Scores as listpacks hold them: an integer of up to 2^52 as an integer, anything else as the text of the double.
 *
 * So -0 becomes 0 in a listpack, as it does in Redis.
 */

import { Mem } from '../../lib/bytes.js'
import { parseDouble, writeDouble } from '../../lib/double.js'
import type { Element } from '../../memory/element.js'

const INTEGER_MAX = 2 ** 52
const TEXT_MAX = 64

/** Puts scores into elements; the text of the last one is its own. */
export class ScoreText {
  private readonly mem = Mem.ofSize(TEXT_MAX)

  write(score: number, into: Element): Element {
    if (Math.floor(score) === score && score >= -INTEGER_MAX && score <= INTEGER_MAX)
      return into.setNumber(score)
    return into.setBytes(this.mem, 0, writeDouble(score, this.mem.u8, 0))
  }
}

/** The score that an element holds; NaN for what is none. */
export function readScore(element: Element): number {
  return element.isInteger ? element.number() : parseDouble(element.span())
}
