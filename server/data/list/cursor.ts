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

/**
 * Reads a list element by element, in either direction:
 *
 *     for (let more = cursor.seek(0); more; more = cursor.next()) use(cursor.element)
 *
 * The element is good until the next move. A list that changes has to be entered again.
 */
export class ListCursor {
  readonly element = new Element()
  /** Where it stands: a node, and the entry within when it is not plain. */
  node = 0
  at = NO_ENTRY
  private mem = new Mem(new ArrayBuffer(0))
  private start = 0
  private plain = false

  constructor(private readonly list: Quicklist) {}

  /** Goes to an element; negative indexes count from the end. */
  seek(index: number): boolean {
    const { list } = this
    const from = index < 0 ? index + list.length : index
    if (from < 0 || from >= list.length) return false
    if (from < list.length / 2) this.seekForwards(from)
    else this.seekBackwards(list.length - 1 - from)
    return true
  }

  next(): boolean {
    const at = this.plain ? NO_ENTRY : nextEntry(this.mem, this.start, this.at)
    if (at !== NO_ENTRY) return this.stand(at)
    const following = this.list.nodes.next(this.node)
    if (following === 0) return false
    this.enter(following)
    return this.stand(this.plain ? 0 : firstEntry(this.mem, this.start))
  }

  previous(): boolean {
    const at = this.plain ? NO_ENTRY : previousEntry(this.mem, this.start, this.at)
    if (at !== NO_ENTRY) return this.stand(at)
    const preceding = this.list.nodes.previous(this.node)
    if (preceding === 0) return false
    this.enter(preceding)
    return this.stand(this.plain ? 0 : lastEntry(this.mem, this.start))
  }

  private seekForwards(index: number): void {
    const { nodes } = this.list
    let node = this.list.head
    let left = index
    for (let count = nodes.count(node); left >= count; count = nodes.count(node)) {
      left -= count
      node = nodes.next(node)
    }
    this.enter(node)
    this.stand(this.plain ? 0 : entryAtIndex(this.mem, this.start, left))
  }

  /** `index` from the tail, which is 0. */
  private seekBackwards(index: number): void {
    const { nodes } = this.list
    let node = this.list.tail
    let left = index
    for (let count = nodes.count(node); left >= count; count = nodes.count(node)) {
      left -= count
      node = nodes.previous(node)
    }
    this.enter(node)
    this.stand(this.plain ? 0 : entryAtIndex(this.mem, this.start, -1 - left))
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

  private stand(at: number): boolean {
    this.at = at
    if (!this.plain) readElement(this.mem, this.start, at, this.element)
    return true
  }
}
