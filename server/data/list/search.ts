import type { Element } from '../../memory/element.js'
import { NO_ENTRY } from '../../memory/listpack.js'
import { EqualSearch } from '../../memory/listpack-search.js'
import type { Quicklist } from './quicklist.js'

/** Looks for an element node by node, within the bytes of listpacks: nothing is read element by element. */
export class ListSearch {
  /** Where the match stands: a node, and the entry within when it is not plain. */
  node = 0
  at = NO_ENTRY
  private readonly entries = new EqualSearch()

  constructor(private readonly list: Quicklist) {}

  /** Goes to the first element of the list that equals `sought`; false when there is none. */
  find(sought: Element): boolean {
    const { nodes, head } = this.list
    this.entries.seek(sought)
    for (let node = head; node !== 0; node = nodes.next(node)) if (this.meets(node, sought)) return true
    return false
  }

  /** Goes to the first element of a node that equals `sought`; false when there is none. */
  findIn(node: number, sought: Element): boolean {
    this.entries.seek(sought)
    return this.meets(node, sought)
  }

  /** Of the first `most` elements from one end on, shows how far those that equal `sought` are from it, until told not to. */
  visit(sought: Element, fromHead: boolean, most: number, visit: (steps: number) => boolean): void {
    const { nodes, head, tail } = this.list
    this.entries.seek(sought)
    let node = fromHead ? head : tail
    for (let steps = 0; node !== 0 && steps < most;) {
      if (!this.visitNode(node, sought, fromHead, steps, most, visit)) return
      steps += nodes.count(node)
      node = fromHead ? nodes.next(node) : nodes.previous(node)
    }
  }

  private visitNode(
    node: number,
    sought: Element,
    fromHead: boolean,
    steps: number,
    most: number,
    visit: (steps: number) => boolean,
  ): boolean {
    const { list, entries } = this
    if (list.isPlainNode(node)) return !this.isPlainly(node, sought) || visit(steps)
    const { mem, start } = list.nodes.listpack(node)
    entries.enter(mem, start, fromHead, steps)
    while (entries.next(most)) if (!visit(entries.number)) return false
    return true
  }

  private meets(node: number, sought: Element): boolean {
    const { list, entries } = this
    this.node = node
    this.at = NO_ENTRY
    if (list.isPlainNode(node)) return this.isPlainly(node, sought)
    const { mem, start } = list.nodes.listpack(node)
    entries.enter(mem, start, true, 0)
    if (!entries.next(list.nodes.count(node))) return false
    this.at = entries.at
    return true
  }

  private isPlainly(node: number, sought: Element): boolean {
    return this.list.plain(node).equals(sought.span())
  }
}
