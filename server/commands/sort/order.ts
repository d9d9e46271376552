/** In which order the elements come: by number or by bytes, of themselves or of what BY names. */

import { parseDoubleText } from '../../lib/double.js'
import { NOT_SORTABLE } from '../../resp/errors.js'
import type { Lookup } from './pattern.js'

export interface Order {
  /** Null: by the elements themselves. */
  readonly by: Lookup | null
  readonly alpha: boolean
  readonly descending: boolean
}

interface Weighed<W> {
  readonly element: string
  readonly weight: W
}

/** The elements in order; strings of one character per byte, which compare as bytes. Throws NOT_SORTABLE. */
export function sorted(elements: readonly string[], order: Order): string[] {
  const { by, alpha, descending } = order
  const told = elements.map(element => ({ element, weight: by === null ? element : by(element) }))
  const items = alpha ? told.sort(byText) : told.map(toNumber).sort(byNumber)
  const result = items.map(({ element }) => element)
  return descending ? result.reverse() : result
}

/** What has no weight comes first. */
function byText(a: Weighed<string | null>, b: Weighed<string | null>): number {
  if (a.weight === null || b.weight === null) return Number(a.weight !== null) - Number(b.weight !== null)
  return compare(a.weight, b.weight)
}

/** Of two that weigh the same, the one with the smaller bytes is first. */
function byNumber(a: Weighed<number>, b: Weighed<number>): number {
  return compare(a.weight, b.weight) || compare(a.element, b.element)
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function toNumber({ element, weight }: Weighed<string | null>): Weighed<number> {
  return { element, weight: weight === null ? 0 : numberIn(weight) }
}

/** As C's strtod reads it, which knows no bytes behind a zero and takes nothing, but not blanks alone, for 0. */
function numberIn(text: string): number {
  const told = text.split('\0', 1)[0]
  const value = told === '' ? 0 : parseDoubleText(told.replace(/^[ \t-\r]+/, ''))
  if (Number.isNaN(value)) throw NOT_SORTABLE
  return value
}
