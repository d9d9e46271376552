/**
 * Answering a range: the hot loop of LRANGE. Elements go from the listpack straight into the reply, one after the
 * other; no cursor stands between, and a short text, which most elements are, takes neither an Element nor a Span.
 */

import type { Mem } from '../../lib/bytes.js'
import type { Element } from '../../memory/element.js'
import { LISTPACK_HEADER, NO_ENTRY, firstEntry, lastEntry } from '../../memory/listpack.js'
import { END, entryBefore, shortTextLength } from '../../memory/listpack-entry.js'
import type { ReplyWriter } from '../../resp/reply.js'
import { replyEntry } from '../listpack-reply.js'
import type { Quicklist } from './quicklist.js'

/** Where an element stands: a node, and the entry within when it is not plain. */
interface Place {
  readonly node: number
  readonly at: number
}

/** Writes `count` elements, all of which there are, from one on; `element` is what they are read with. */
export function writeRange(
  list: Quicklist,
  from: Place,
  count: number,
  backwards: boolean,
  element: Element,
  reply: ReplyWriter,
): void {
  const { nodes } = list
  let { node, at } = from
  for (let left = count; left > 0 && node !== 0 && !reply.unheard; at = NO_ENTRY) {
    if (list.isPlainNode(node)) {
      reply.bulk(list.plain(node))
      left--
    } else {
      const { mem, start } = nodes.listpack(node)
      left -= (backwards ? writeBackwards : writeForwards)(mem, start, at, left, element, reply)
    }
    node = backwards ? nodes.previous(node) : nodes.next(node)
  }
}

/** Writes up to `most` entries, from one (NO_ENTRY: the first) on. Answers how many those were. */
function writeForwards(
  mem: Mem,
  start: number,
  at: number,
  most: number,
  element: Element,
  reply: ReplyWriter,
): number {
  const { u8 } = mem
  let position = start + (at === NO_ENTRY ? firstEntry(mem, start) : at)
  for (let written = 0; written < most; written++) {
    const length = shortTextLength(u8[position])
    if (length >= 0) {
      reply.bulkBytes(mem, position + 1, length)
      position += length + 2
      continue
    }
    if (u8[position] === END) return written
    position = replyEntry(reply, mem, position, element)
  }
  return most
}

/** As `writeForwards`, towards the first entry from one (NO_ENTRY: the last) on. */
function writeBackwards(
  mem: Mem,
  start: number,
  at: number,
  most: number,
  element: Element,
  reply: ReplyWriter,
): number {
  const first = start + LISTPACK_HEADER
  let position = start + (at === NO_ENTRY ? lastEntry(mem, start) : at)
  for (let written = 1; ; written++) {
    replyEntry(reply, mem, position, element)
    if (written === most || position === first) return written
    position = entryBefore(mem, position)
  }
}
