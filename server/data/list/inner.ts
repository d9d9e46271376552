/** What happens in the middle of a list: elements put between others, replaced and taken out. */

import type { Element } from '../../memory/element.js'
import {
  EMPTY_LISTPACK_BYTES,
  LISTPACK_HEADER,
  NO_ENTRY,
  endOfListpack,
  entryBytesFor,
  holdsElement,
  insertElement,
  insertEntries,
  lastEntry,
  nextEntry,
  previousEntry,
  removeElements,
  replaceElement,
  replacementGrowth,
} from '../../memory/listpack.js'
import { removeEqualEntries } from '../../memory/listpack-search.js'
import { NODE_HEADER, PACKED } from './node-layout.js'
import type { Quicklist } from './quicklist.js'
import type { ListSearch } from './search.js'

/** Puts an element before or behind the one that stands at a place. */
export function insertBeside(
  list: Quicklist,
  node: number,
  at: number,
  after: boolean,
  element: Element,
): void {
  const { nodes } = list
  if (list.isPlainNode(node)) {
    freezeAround(list, insertBehind(list, after ? node : nodes.previous(node), element))
    return
  }
  const open = list.thaw(node)
  const place = after ? placeBehind(list, open, at) : at
  const bytes = entryBytesFor(element)
  if (list.admits(open, bytes)) {
    freezeAround(list, insertWithin(list, open, place, element, bytes))
    return
  }
  const left = split(list, open, place)
  const made = insertBehind(list, left, element)
  mergeAround(list, made)
}

/** Puts another element in the place of one. False when that takes more than a change within the node. */
export function replaceAt(list: Quicklist, node: number, at: number, element: Element): boolean {
  const { nodes } = list
  const bytes = EMPTY_LISTPACK_BYTES + entryBytesFor(element)
  const plain = list.isPlain(element, bytes)
  if (plain !== list.isPlainNode(node)) return false
  if (plain) {
    list.addNode(element, node, false)
    list.remove(node)
    return true
  }
  const open = list.thaw(node)
  const growth = replacementGrowth(nodes.mem(open), nodes.start(open), at, element)
  if (NODE_HEADER + nodes.used(open) + growth > list.limits.maxBytes && nodes.count(open) > 1) return false
  const room = list.moved(open, nodes.reserve(open, growth, false))
  replaceElement(nodes.mem(room), nodes.start(room), at, element)
  list.freeze(room)
  return true
}

export function removeAt(list: Quicklist, node: number, at: number): void {
  const { nodes } = list
  if (list.isPlainNode(node)) {
    list.remove(node)
    return
  }
  const open = list.thaw(node)
  removeElements(nodes.mem(open), nodes.start(open), at)
  list.tookFrom(open, 1)
}

/** Removes up to `limit` elements equal to one, from one end on; answers how many those were. */
export function removeEqual(
  list: Quicklist,
  search: ListSearch,
  element: Element,
  limit: number,
  fromHead: boolean,
): number {
  const { nodes } = list
  let removed = 0
  let node = fromHead ? list.head : list.tail
  while (node !== 0 && removed < limit) {
    const following = fromHead ? nodes.next(node) : nodes.previous(node)
    removed += removeEqualIn(list, search, node, element, limit - removed, fromHead)
    node = following
  }
  return removed
}

function removeEqualIn(
  list: Quicklist,
  search: ListSearch,
  node: number,
  element: Element,
  limit: number,
  fromHead: boolean,
): number {
  const { nodes } = list
  if (!search.findIn(node, element)) return 0
  if (list.isPlainNode(node)) {
    list.remove(node)
    return 1
  }
  const open = list.thaw(node)
  // All of a node go in one sweep, from whichever end they are counted.
  const removed =
    fromHead || limit >= nodes.count(open)
      ? removeEqualEntries(nodes.mem(open), nodes.start(open), element, limit)
      : removeBackwards(list, open, element, limit)
  const stays = removed < nodes.count(open)
  const neighbour = nodes.next(open)
  list.tookFrom(open, removed)
  // It may have moved, but not from its place: it precedes what it preceded.
  if (stays) list.freeze(neighbour === 0 ? list.tail : nodes.previous(neighbour))
  return removed
}

function removeBackwards({ nodes }: Quicklist, node: number, element: Element, limit: number): number {
  const mem = nodes.mem(node)
  const start = nodes.start(node)
  let removed = 0
  let at = lastEntry(mem, start)
  while (at !== NO_ENTRY && removed < limit) {
    const before = previousEntry(mem, start, at)
    if (holdsElement(mem, start, at, element)) removed += removeElements(mem, start, at)
    at = before
  }
  return removed
}

// Between nodes ---------------------------------------------------------------------------------------------

/** Puts an element between a node (0: none) and the one that follows, into either or a new one. Answers which. */
function insertBehind(list: Quicklist, left: number, element: Element): number {
  const { nodes } = list
  const bytes = entryBytesFor(element)
  const right = left === 0 ? list.head : nodes.next(left)
  if (left !== 0 && list.admits(left, bytes)) return putAt(list, left, element, bytes, false)
  if (right !== 0 && list.admits(right, bytes)) return putAt(list, right, element, bytes, true)
  return list.addNode(element, left, false)
}

function putAt(list: Quicklist, node: number, element: Element, bytes: number, atFront: boolean): number {
  const left = list.nodes.previous(node)
  list.put(node, element, bytes, atFront)
  return left === 0 ? list.head : list.nodes.next(left)
}

function insertWithin(list: Quicklist, node: number, place: number, element: Element, bytes: number): number {
  const { nodes } = list
  const room = list.moved(node, nodes.reserve(node, bytes, false))
  insertElement(nodes.mem(room), nodes.start(room), place, element)
  nodes.setCount(room, nodes.count(room) + 1)
  list.length++
  return room
}

/** The place behind an entry, which may be the end. */
function placeBehind({ nodes }: Quicklist, node: number, at: number): number {
  const mem = nodes.mem(node)
  const start = nodes.start(node)
  const next = nextEntry(mem, start, at)
  return next === NO_ENTRY ? endOfListpack(mem, start) : next
}

/** Cuts a packed node in two before a place. Answers the node to the left of it; 0 when the place is the very first. */
function split(list: Quicklist, node: number, place: number): number {
  const { nodes } = list
  const mem = nodes.mem(node)
  const start = nodes.start(node)
  const end = endOfListpack(mem, start)
  if (place === LISTPACK_HEADER) return nodes.previous(node)
  if (place === end) return node
  let count = 0
  for (let at = place; at !== NO_ENTRY; at = nextEntry(mem, start, at)) count++
  const right = nodes.makePacked(EMPTY_LISTPACK_BYTES + end - place)
  insertEntries(nodes.mem(right), nodes.start(right), LISTPACK_HEADER, mem, start, place, end, count)
  nodes.setCount(right, count)
  removeElements(mem, start, place, count)
  nodes.setCount(node, nodes.count(node) - count)
  list.link(right, node)
  return list.moved(node, nodes.shrink(node))
}

/** Joins a node that was put where another was cut, and its neighbours, as far as they fit together. */
function mergeAround(list: Quicklist, node: number): void {
  const { nodes } = list
  let middle = node
  const left = nodes.previous(middle)
  if (left !== 0) middle = merge(list, left, middle)
  const right = nodes.next(middle)
  if (right !== 0) middle = merge(list, middle, right)
  freezeAround(list, middle)
}

/** Moves the elements of `right` into `left`, if they fit. Answers the node in which those of `right` are now. */
function merge(list: Quicklist, left: number, right: number): number {
  const { nodes } = list
  if (nodes.form(left) !== PACKED || nodes.form(right) !== PACKED) return right
  const bytes = nodes.used(right) - EMPTY_LISTPACK_BYTES
  const count = nodes.count(right)
  if (NODE_HEADER + nodes.used(left) + bytes > list.limits.maxBytes) return right
  if (nodes.count(left) + count > list.limits.maxCount) return right
  nodes.beforeChange(left)
  const room = list.moved(left, nodes.reserve(left, bytes, false))
  const from = nodes.start(right)
  const end = endOfListpack(nodes.mem(right), from)
  const start = nodes.start(room)
  const place = endOfListpack(nodes.mem(room), start)
  insertEntries(nodes.mem(room), start, place, nodes.mem(right), from, LISTPACK_HEADER, end, count)
  nodes.setCount(room, nodes.count(room) + count)
  list.length += count
  list.remove(right)
  return room
}

function freezeAround(list: Quicklist, node: number): void {
  if (list.limits.compressDepth === 0) return
  const { nodes } = list
  list.freeze(nodes.next(node))
  list.freeze(nodes.previous(node))
  list.freeze(node)
}
