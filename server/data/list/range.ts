/**
 * Answering a range: the hot loop of LRANGE. Elements go from the listpack straight into the reply, one after the
 * other; no cursor stands between.
 */

import type { Element } from '../../memory/element.js'
import { NO_ENTRY, entryAtIndex, nextEntry, readElement } from '../../memory/listpack.js'
import type { ReplyWriter } from '../../resp/reply.js'
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
  for (let left = count; left > 0 && node !== 0; node = nodes.next(node)) {
    left -= writeFrom(list, node, skipped, left, element, reply)
    skipped = 0
  }
}

/** Writes elements of one node; answers how many. */
function writeFrom(
  list: Quicklist,
  node: number,
  from: number,
  count: number,
  element: Element,
  reply: ReplyWriter,
): number {
  if (list.isPlainNode(node)) {
    reply.bulk(list.plain(node))
    return 1
  }
  const { mem, start } = list.nodes.listpack(node)
  let written = 0
  for (let at = entryAtIndex(mem, start, from); at !== NO_ENTRY && written < count; written++) {
    reply.bulk(readElement(mem, start, at, element).span())
    at = nextEntry(mem, start, at)
  }
  return written
}
