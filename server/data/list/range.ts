/**
 * Answering a range: the hot loop of LRANGE. Elements go from the listpack straight into the reply, one after the
 * other; no cursor stands between, and a short text, which most elements are, takes neither an Element nor a Span.
 */

import type { Mem } from '../../lib/bytes.js'
import type { Element } from '../../memory/element.js'
import { entryAtIndex } from '../../memory/listpack.js'
import { entryBefore, entryBytes, readEntry, shortTextLength } from '../../memory/listpack-entry.js'
import type { ReplyWriter } from '../../resp/reply.js'
import { replyEntry } from '../listpack-reply.js'
import type { Quicklist } from './quicklist.js'

/** Writes `count` elements, all of which there are, from `from` on; `element` is what they are read with. */
export function writeRange(
  list: Quicklist,
  from: number,
  count: number,
  element: Element,
  reply: ReplyWriter,
): void {
  const { nodes } = list
  let node = list.head
  let skipped = from
  for (let held = nodes.count(node); skipped >= held; held = nodes.count(node)) {
    skipped -= held
    node = nodes.next(node)
  }
  for (let left = count; left > 0 && node !== 0 && !reply.unheard; node = nodes.next(node)) {
    const written = Math.min(nodes.count(node) - skipped, left)
    if (list.isPlainNode(node)) {
      reply.bulk(list.plain(node))
    } else {
      const { mem, start } = nodes.listpack(node)
      writeEntries(mem, start + entryAtIndex(mem, start, skipped), written, element, reply)
    }
    left -= written
    skipped = 0
  }
}

/** As `writeRange`, towards the head. */
export function writeRangeBackwards(
  list: Quicklist,
  from: number,
  count: number,
  element: Element,
  reply: ReplyWriter,
): void {
  const { nodes } = list
  let node = list.tail
  let skipped = list.length - 1 - from
  for (let held = nodes.count(node); skipped >= held; held = nodes.count(node)) {
    skipped -= held
    node = nodes.previous(node)
  }
  for (let left = count; left > 0 && node !== 0 && !reply.unheard; node = nodes.previous(node)) {
    const written = Math.min(nodes.count(node) - skipped, left)
    if (list.isPlainNode(node)) {
      reply.bulk(list.plain(node))
    } else {
      const { mem, start } = nodes.listpack(node)
      const last = start + entryAtIndex(mem, start, -1 - skipped)
      writeEntriesBackwards(mem, last, written, element, reply)
    }
    left -= written
    skipped = 0
  }
}

/** Writes so many entries, the first at `position`. */
function writeEntries(mem: Mem, position: number, count: number, element: Element, reply: ReplyWriter): void {
  const { u8 } = mem
  for (let left = count; left > 0; left--) {
    const length = shortTextLength(u8[position])
    if (length >= 0) {
      reply.bulkBytes(mem, position + 1, length)
      position += length + 2
      continue
    }
    readEntry(mem, position, element)
    if (element.isInteger && Number.isSafeInteger(element.number())) reply.bulkInteger(element.number())
    else reply.bulk(element.span())
    position += entryBytes(mem, position)
  }
}

/** Writes so many entries, the last at `position`. */
function writeEntriesBackwards(
  mem: Mem,
  position: number,
  count: number,
  element: Element,
  reply: ReplyWriter,
): void {
  replyEntry(reply, mem, position, element)
  for (let left = count - 1; left > 0; left--) {
    position = entryBefore(mem, position)
    replyEntry(reply, mem, position, element)
  }
}
