/** Elements of listpacks in replies: from the listpack's bytes straight into the reply's. */

import type { Mem } from '../lib/bytes.js'
import type { Element } from '../memory/element.js'
import { entryBytes, lengthBytes, readEntry, textLength } from '../memory/listpack-entry.js'
import type { ReplyWriter } from '../resp/reply.js'

/** Replies the entry at `position` as a bulk string and answers where the next one begins. `spare`: for numbers. */
export function replyEntry(reply: ReplyWriter, mem: Mem, position: number, spare: Element): number {
  const length = textLength(mem, position)
  if (length >= 0) {
    reply.bulkBytes(mem, position + lengthBytes(mem.u8[position]), length)
  } else {
    readEntry(mem, position, spare)
    if (Number.isSafeInteger(spare.number())) reply.bulkInteger(spare.number())
    else reply.bulk(spare.span())
  }
  return position + entryBytes(mem, position)
}
