/** In which order the elements come: by number or by bytes, of themselves or of what BY names. */

import { Span } from '../../lib/bytes.js'
import { parseDoubleText } from '../../lib/double.js'
import { Gathered } from '../../lib/gathered.js'
import { parseInteger } from '../../lib/integer.js'
import { firstIndexes, orderOfNumbers, sortByBytes } from '../../lib/radix-sort.js'
import { NOT_SORTABLE } from '../../resp/errors.js'
import type { Lookup } from './pattern.js'

export interface Order {
  /** Null: by the elements themselves. */
  readonly by: Lookup | null
  readonly alpha: boolean
  readonly descending: boolean
  /** Of two that weigh the same, the one with the smaller bytes is first, not the one that came first. */
  readonly settlesTies: boolean
}

/** The indexes of the elements, in order. Throws NOT_SORTABLE. */
export function sorted(elements: Gathered, { by, alpha, descending, settlesTies }: Order): Uint32Array {
  const order = alpha ? byText(elements, by, settlesTies) : byNumber(elements, by)
  return descending ? order.reverse() : order
}

/** What has no weight comes first. */
function byText(elements: Gathered, by: Lookup | null, settlesTies: boolean): Uint32Array {
  const order = firstIndexes(elements.count)
  if (by === null || settlesTies) sortByBytes(elements, order)
  if (by === null) return order
  const weights = new Gathered()
  const span = Span.of('')
  const weighing: number[] = []
  const weightless: number[] = []
  for (const index of order) {
    const weight = by(elements.view(index, span))
    weights.add(weight ?? NOTHING)
    ;(weight === null ? weightless : weighing).push(weights.count - 1)
  }
  const places = Uint32Array.from([...weightless, ...weighing])
  sortByBytes(weights, places.subarray(weightless.length))
  return places.map(place => order[place])
}

/** Of two that weigh the same, the one with the smaller bytes is first. */
function byNumber(elements: Gathered, by: Lookup | null): Uint32Array {
  const weights = new Float64Array(elements.count)
  const span = Span.of('')
  for (let i = 0; i < weights.length; i++) {
    elements.view(i, span)
    const weight = by === null ? span : by(span)
    weights[i] = weight === null ? 0 : numberIn(weight)
  }
  const order = orderOfNumbers(weights)
  for (let from = 0, to = 1; from < order.length; from = to, to++) {
    const weight = weights[order[from]]
    while (to < order.length && weights[order[to]] === weight) to++
    if (to - from > 1) sortByBytes(elements, order.subarray(from, to))
  }
  return order
}

/** As C's strtod reads it, which knows no bytes behind a zero and takes nothing, but not blanks alone, for 0. */
function numberIn(weight: Span): number {
  const integer = parseInteger(weight)
  if (!Number.isNaN(integer)) return integer
  const told = weight.latin1().split('\0', 1)[0]
  const value = told === '' ? 0 : parseDoubleText(told.replace(/^[ \t-\r]+/, ''))
  if (Number.isNaN(value)) throw NOT_SORTABLE
  return value
}

const NOTHING = Span.of('')
