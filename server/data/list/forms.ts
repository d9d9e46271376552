/**
 * Lists in RDB files and DUMP.
 *
 *      list        count  string*                            before 3.2
 *      ziplist     string                                    all of it one ziplist, before 3.2
 *      quicklist   count  string*                            each a ziplist, 3.2 to 6.2
 *      quicklist2  count  (container  string)*               what we write; container 1: an element, 2: a listpack
 *
 * What a node holds is written as it is, so that saving a list is a copy of its nodes. When it is read, a listpack
 * becomes a node again if it suits `list-max-listpack-size`; otherwise its elements are pushed one by one.
 */

import type { Span } from '../../lib/bytes.js'
import { Element } from '../../memory/element.js'
import { isValidListpack } from '../../memory/listpack-check.js'
import { ListpackCursor } from '../../memory/listpack-cursor.js'
import { listpackLength } from '../../memory/listpack.js'
import {
  EMPTY_VALUE,
  LIST_CONTAINER_UNKNOWN,
  LIST_NODE_EMPTY,
  LISTPACK_DAMAGED,
  ZIPLIST_DAMAGED,
} from '../serial/bad-data.js'
import { RdbType } from '../serial/encoding.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import { readZiplist } from '../serial/ziplist.js'
import { NODE_HEADER } from './node-layout.js'
import type { Quicklist } from './quicklist.js'

const PLAIN_CONTAINER = 1
const PACKED_CONTAINER = 2

export function writeQuicklist(list: Quicklist, writer: ValueWriter): void {
  const { nodes } = list
  writer.size(list.size)
  for (let node = list.head; node !== 0; node = nodes.next(node)) {
    const plain = list.isPlainNode(node)
    writeNode(plain, plain ? list.plain(node) : nodes.listpack(node), writer)
  }
}

export function writeNode(plain: boolean, content: Span, writer: ValueWriter): void {
  writer.size(plain ? PLAIN_CONTAINER : PACKED_CONTAINER)
  writer.string(content)
}

/** Reads any form into an empty list. Throws BadData, with what came before still in the list. */
export function readList(rdbType: number, reader: ValueReader, list: Quicklist): void {
  const element = new Element()
  const append = (each: Element): void => list.push(each, false)
  if (rdbType === RdbType.listZiplist) readZiplist(reader.string(), ZIPLIST_DAMAGED, append)
  else {
    for (let left = reader.size(); left > 0; left--) {
      if (rdbType === RdbType.listQuicklist2) readNode(reader, list, element)
      else if (rdbType === RdbType.listQuicklist) readZiplist(reader.string(), ZIPLIST_DAMAGED, append)
      else append(element.set(reader.string()))
    }
  }
  if (list.length === 0) throw EMPTY_VALUE
}

function readNode(reader: ValueReader, list: Quicklist, element: Element): void {
  const container = reader.size()
  const content = reader.string()
  if (content.length === 0) throw LIST_NODE_EMPTY
  if (container === PLAIN_CONTAINER) list.push(element.set(content), false)
  else if (container === PACKED_CONTAINER) readListpack(content, list)
  else throw LIST_CONTAINER_UNKNOWN
}

function readListpack(listpack: Span, list: Quicklist): void {
  const { nodes, limits } = list
  if (!isValidListpack(listpack)) throw LISTPACK_DAMAGED
  const { mem, start, length } = listpack
  const count = listpackLength(mem, start)
  if (count > 0 && count <= limits.maxCount && NODE_HEADER + length <= limits.maxBytes) {
    list.link(nodes.makeFrom(listpack, count), list.tail)
    list.length += count
    return
  }
  const cursor = new ListpackCursor()
  for (let more = cursor.first(mem, start); more; more = cursor.next()) list.push(cursor.element, false)
}
