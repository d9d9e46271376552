import { Mem } from '../../lib/bytes.js'
import { Element } from '../../memory/element.js'
import {
  NO_ENTRY,
  entryAtIndex,
  firstEntry,
  lastEntry,
  nextEntry,
  previousEntry,
  readElement,
} from '../../memory/listpack.js'
import type { Quicklist } from './quicklist.js'

const NOWHERE = new Mem(new ArrayBuffer(0))

/**
 * Reads a list element by element, in either direction:
 *
 *     for (let more = cursor.stand(list.head, true); more; more = cursor.move(true)) use(cursor.element)
 *
 * The element is good until the next move. A list that changes has to be entered again.
 */
export class ListCursor {
  readonly element = new Element()
  /** Where it stands: a node, and the entry within when it is not plain. */
  node = 0
  at = NO_ENTRY
  private mem = NOWHERE
  private start = 0
  private plain = false

  constructor(private readonly list: Quicklist) {}

  /** Goes to the first or last element of a node; false when there is no node. */
  stand(node: number, first: boolean): boolean {
    if (node === 0) return false
    this.enter(node)
    if (!this.plain) this.read(first ? firstEntry(this.mem, this.start) : lastEntry(this.mem, this.start))
    return true
  }

  /** Goes to an element by its index; negative ones count from the end. False when there is none. */
  seek(index: number): boolean {
    const { list } = this
    const from = index < 0 ? index + list.length : index
    if (from < 0 || from >= list.length) return false
    if (from < list.length / 2) this.seekFrom(list.head, from, true)
    else this.seekFrom(list.tail, list.length - 1 - from, false)
    return true
  }

  /** One step on; false at the end. */
  move(forwards: boolean): boolean {
    const at = this.plain ? NO_ENTRY : this.neighbour(forwards)
    if (at !== NO_ENTRY) {
      this.read(at)
      return true
    }
    const { nodes } = this.list
    return this.stand(forwards ? nodes.next(this.node) : nodes.previous(this.node), forwards)
  }

  /** To the element that is so many steps from an end. */
  private seekFrom(end: number, steps: number, forwards: boolean): void {
    const { nodes } = this.list
    let node = end
    let left = steps
    for (let count = nodes.count(node); left >= count; count = nodes.count(node)) {
      left -= count
      node = forwards ? nodes.next(node) : nodes.previous(node)
    }
    this.enter(node)
    if (!this.plain) this.read(entryAtIndex(this.mem, this.start, forwards ? left : -1 - left))
  }

  private neighbour(forwards: boolean): number {
    const { mem, start, at } = this
    return forwards ? nextEntry(mem, start, at) : previousEntry(mem, start, at)
  }

  private enter(node: number): void {
    const { list } = this
    this.node = node
    this.plain = list.isPlainNode(node)
    const content = this.plain ? list.plain(node) : list.nodes.listpack(node)
    this.mem = content.mem
    this.start = content.start
    if (this.plain) this.element.setText(content.mem, content.start, content.length)
  }

  private read(at: number): void {
    this.at = at
    readElement(this.mem, this.start, at, this.element)
  }
}
