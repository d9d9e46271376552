/**
 * The list under work: a chain of nodes, read from its entry before an operation and written back after it.
 *
 * Elements come and go at the ends, so the ends are cheap: a node there is changed in place, and both its sides have
 * room (node-layout.ts). What happens in the middle is in inner.ts. How large a node may be is
 * `list-max-listpack-size`: so many bytes, or so many elements. An element that would not fit a node of its own,
 * listpack and all, is a plain one.
 *
 * With `list-compress-depth` n, all nodes but the first and last n are compressed. Nodes that come to lie deep are
 * compressed as soon as they do, those that come near an end are decompressed; one in the middle is decompressed to be
 * changed and compressed afterwards. To be read it stays as it is.
 */

import { Span } from '../../lib/bytes.js'
import type { Element } from '../../memory/element.js'
import { EMPTY_LISTPACK_BYTES, entryBytesFor } from '../../memory/listpack.js'
import { appendElement, dropFirst, dropLast, prependElement } from '../../memory/listpack-ends.js'
import type { ListLimits } from './limits.js'
import type { Nodes } from './node.js'
import { COMPRESSED, NODE_HEADER, PACKED, PLAIN } from './node-layout.js'

/** Room of the second node and those after it: a list that has filled one will fill another. */
const FURTHER_ROOM = 512 - NODE_HEADER

export class Quicklist {
  head = 0
  tail = 0
  /** Nodes. */
  size = 0
  /** Elements. */
  length = 0
  private readonly span: Span

  constructor(
    readonly nodes: Nodes,
    readonly limits: ListLimits,
  ) {
    this.span = new Span(nodes.mem(0), 0, 0)
  }

  // Ends ----------------------------------------------------------------------------------------------------

  push(element: Element, atHead: boolean): void {
    const bytes = entryBytesFor(element)
    const end = atHead ? this.head : this.tail
    if (end === 0 || !this.admits(end, bytes)) this.addNode(element, atHead ? 0 : this.tail, atHead)
    else this.put(end, element, bytes, atHead)
  }

  /** Removes so many elements, or all there are, from one end. */
  drop(count: number, fromHead: boolean): void {
    while (count > 0 && this.size > 0) {
      const node = fromHead ? this.head : this.tail
      const held = this.nodes.count(node)
      if (held > count) {
        this.dropWithin(node, count, fromHead)
        return
      }
      this.remove(node)
      count -= held
    }
  }

  /** Puts an element, for which it has room, before or behind all others of a node. */
  put(node: number, element: Element, bytes: number, atFront: boolean): void {
    const { nodes } = this
    nodes.beforeChange(node)
    const at = this.moved(node, nodes.reserve(node, bytes, atFront))
    const mem = nodes.mem(at)
    const start = nodes.start(at)
    if (atFront) nodes.setStart(at, prependElement(mem, start, element, bytes))
    else appendElement(mem, start, element, bytes)
    nodes.setCount(at, nodes.count(at) + 1)
    this.length++
  }

  /** A new node behind `left` (0: before all) with this element. `atFront`: more will come before it. */
  addNode(element: Element, left: number, atFront: boolean): number {
    const { nodes } = this
    const bytes = EMPTY_LISTPACK_BYTES + entryBytesFor(element)
    if (this.isPlain(element, bytes)) {
      const plain = nodes.makePlain(element.span())
      this.link(plain, left)
      this.length++
      return plain
    }
    const room = this.size === 0 ? bytes : Math.max(bytes, FURTHER_ROOM)
    const node = nodes.makePacked(room, atFront)
    this.link(node, left)
    this.put(node, element, bytes - EMPTY_LISTPACK_BYTES, atFront)
    return node
  }

  /** Whether a node has room for an entry of so many bytes. */
  admits(node: number, bytes: number): boolean {
    const { nodes, limits } = this
    if (nodes.form(node) !== PACKED || nodes.count(node) >= limits.maxCount) return false
    return bytes < limits.plainMin && NODE_HEADER + nodes.used(node) + bytes <= limits.maxBytes
  }

  isPlain(element: Element, listpackBytes: number): boolean {
    return NODE_HEADER + listpackBytes > this.limits.maxBytes || element.span().length >= this.limits.plainMin
  }

  private dropWithin(node: number, count: number, fromHead: boolean): void {
    const { nodes } = this
    const at = this.thaw(node)
    const mem = nodes.mem(at)
    const start = nodes.start(at)
    if (fromHead) nodes.setStart(at, dropFirst(mem, start, count))
    else dropLast(mem, start, count)
    this.tookFrom(at, count)
  }

  // Nodes ---------------------------------------------------------------------------------------------------

  /** Puts a node behind `left`; 0: before all. */
  link(node: number, left: number): void {
    const { nodes } = this
    const right = left === 0 ? this.head : nodes.next(left)
    nodes.setPrevious(node, left)
    nodes.setNext(node, right)
    this.point(left, right, node, node)
    this.size++
  }

  /** Takes a node out, with all its elements, and frees it. */
  remove(node: number): void {
    const { nodes } = this
    const left = nodes.previous(node)
    const right = nodes.next(node)
    this.point(left, right, right, left)
    this.size--
    this.length -= nodes.count(node)
    nodes.free(node)
  }

  /** A node has moved: its neighbours, or the ends, learn of it. */
  moved(from: number, to: number): number {
    if (from !== to) this.point(this.nodes.previous(to), this.nodes.next(to), to, to)
    return to
  }

  /** `count` elements have been taken out of a packed node, which goes when it is empty. */
  tookFrom(node: number, count: number): void {
    const { nodes } = this
    const left = nodes.count(node) - count
    nodes.setCount(node, left)
    this.length -= count
    if (left === 0) this.remove(node)
    else this.moved(node, nodes.shrink(node))
  }

  /** Frees all nodes. */
  clear(): void {
    while (this.size > 0) this.remove(this.head)
  }

  /** What follows `left` is `next`, what precedes `right` is `previous`. */
  private point(left: number, right: number, next: number, previous: number): void {
    if (left === 0) this.head = next
    else this.nodes.setNext(left, next)
    if (right === 0) this.tail = previous
    else this.nodes.setPrevious(right, previous)
  }

  // Plain and compressed ------------------------------------------------------------------------------------

  /** The element of a plain node; good until the next is asked for. */
  plain(node: number): Span {
    return this.nodes.plain(node, this.span)
  }

  isPlainNode(node: number): boolean {
    return this.nodes.form(node) === PLAIN
  }

  /** Makes a node fit to be changed. */
  thaw(node: number): number {
    this.nodes.beforeChange(node)
    return this.nodes.form(node) === COMPRESSED ? this.moved(node, this.nodes.decompress(node)) : node
  }

  /** Compresses a node again, if it lies deep. */
  freeze(node: number): void {
    if (node !== 0 && this.isDeep(node)) this.moved(node, this.nodes.compress(node))
  }

  /** Nodes near the ends are decompressed, the first deep ones compressed. */
  settle(): void {
    this.settleFrom(this.head, node => this.nodes.next(node))
    this.settleFrom(this.tail, node => this.nodes.previous(node))
  }

  private settleFrom(end: number, next: (node: number) => number): void {
    let node = end
    for (let i = 0; i < this.limits.compressDepth && node !== 0; i++) node = next(this.thaw(node))
    this.freeze(node)
  }

  private isDeep(node: number): boolean {
    const { nodes, limits } = this
    if (limits.compressDepth === 0 || this.size <= 2 * limits.compressDepth) return false
    let left = nodes.previous(node)
    let right = nodes.next(node)
    for (let i = 1; i < limits.compressDepth && left !== 0 && right !== 0; i++) {
      left = nodes.previous(left)
      right = nodes.next(right)
    }
    return left !== 0 && right !== 0
  }
}
