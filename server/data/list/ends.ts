/**
 * The usual case of LPUSH, RPUSH, LPOP and RPOP: an element comes or goes at an end of a packed node that neither moves
 * nor becomes empty. Everything is one look at the node's words; the general way (quicklist.ts) goes over the list's
 * ends, its node and the listpack one after the other, at twice the price. Whoever is told false takes that way.
 */

import type { Mem } from '../../lib/bytes.js'
import { UNIT_MASK } from '../../memory/arena.js'
import type { Element } from '../../memory/element.js'
import { LISTPACK_HEADER, entryBytesFor, listpackBytes } from '../../memory/listpack.js'
import { appendElement, dropFirst, dropLast, prependElement } from '../../memory/listpack-ends.js'
import { entryBefore, readEntry } from '../../memory/listpack-entry.js'
import {
  BYTES,
  COUNT,
  FORM_MASK,
  GAP_SHIFT,
  NODE_HEADER,
  PACKED,
  SHAPE,
  SHRINKING_FACTOR,
  SHRINKING_MIN,
} from './node-layout.js'

/** What a node may become: see ListLimits. */
interface NodeLimits {
  readonly maxBytes: number
  readonly maxCount: number
  readonly plainMin: number
}

/** Puts an element before or behind all others of a node, if there is room. */
export function pushWithin(
  mem: Mem,
  node: number,
  element: Element,
  atFront: boolean,
  limits: NodeLimits,
): boolean {
  const { i32 } = mem
  const word = (node & UNIT_MASK) << 2
  const shape = i32[word + SHAPE]
  const count = i32[word + COUNT]
  if ((shape & FORM_MASK) !== PACKED || count >= limits.maxCount) return false
  const gap = shape >>> GAP_SHIFT
  const start = (word << 2) + NODE_HEADER + gap
  const used = listpackBytes(mem, start)
  const bytes = entryBytesFor(element)
  const free = atFront ? gap : i32[word + BYTES] - NODE_HEADER - gap - used
  if (free < bytes || NODE_HEADER + used + bytes > limits.maxBytes || bytes >= limits.plainMin) return false
  if (atFront) {
    prependElement(mem, start, element, bytes)
    i32[word + SHAPE] = shape - (bytes << GAP_SHIFT)
  } else {
    appendElement(mem, start, element, bytes)
  }
  i32[word + COUNT] = count + 1
  return true
}

/** Aims `into` at the first or last element of a node, if it is a packed one. */
export function readWithin(mem: Mem, node: number, first: boolean, into: Element): boolean {
  const word = (node & UNIT_MASK) << 2
  const shape = mem.i32[word + SHAPE]
  if ((shape & FORM_MASK) !== PACKED) return false
  const start = (word << 2) + NODE_HEADER + (shape >>> GAP_SHIFT)
  const position = first ? start + LISTPACK_HEADER : entryBefore(mem, start + listpackBytes(mem, start) - 1)
  readEntry(mem, position, into)
  return true
}

/** Takes away the first or last element of a node, if others stay and the block need not shrink. */
export function dropWithin(mem: Mem, node: number, fromHead: boolean): boolean {
  const { i32 } = mem
  const word = (node & UNIT_MASK) << 2
  const shape = i32[word + SHAPE]
  const count = i32[word + COUNT]
  if ((shape & FORM_MASK) !== PACKED || count === 1) return false
  const start = (word << 2) + NODE_HEADER + (shape >>> GAP_SHIFT)
  const size = i32[word + BYTES]
  if (size >= SHRINKING_MIN && (NODE_HEADER + listpackBytes(mem, start)) * SHRINKING_FACTOR < size)
    return false
  if (fromHead) i32[word + SHAPE] = shape + ((dropFirst(mem, start, 1) - start) << GAP_SHIFT)
  else dropLast(mem, start, 1)
  i32[word + COUNT] = count - 1
  return true
}
