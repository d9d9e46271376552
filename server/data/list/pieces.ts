/**
 * Writes a big list in pieces, as it was when that began, while it changes: see serial/pieces.ts.
 *
 * The nodes of the beginning are noted down. One that is about to change or to go before its turn is copied first, so
 * that a write costs the copy of a node at most, and the memory for that is what was freed or changed meanwhile. A list
 * that is deleted as a whole is copied as far as it was not written.
 */

import { Span } from '../../lib/bytes.js'
import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import { writeNode } from './forms.js'
import type { Nodes } from './node.js'
import { PLAIN } from './node-layout.js'
import type { Quicklist } from './quicklist.js'

/** A list with fewer nodes is written in one piece. */
export const BIG_LIST_MIN = 64
const NODES_PER_PIECE = 8

interface Kept {
  readonly plain: boolean
  readonly content: Span
}

export class ListPieces implements ValuePieces {
  keptBytes = 0
  private readonly order: number[] = []
  private written = 0
  /** Nodes that are neither written nor copied, and their places; made when the first change comes. */
  private untouched: Map<number, number> | null = null
  private readonly kept = new Map<number, Kept>()
  private readonly before = (node: number): void => this.keep(node)

  constructor(
    private readonly nodes: Nodes,
    list: Quicklist,
    private readonly seat: WriterSeat,
  ) {
    for (let node = list.head; node !== 0; node = nodes.next(node)) this.order.push(node)
    nodes.watchers.push(this.before)
  }

  next(): boolean {
    const end = Math.min(this.order.length, this.written + NODES_PER_PIECE)
    for (; this.written < end; this.written++) this.write(this.order[this.written], this.written)
    return this.written < this.order.length
  }

  /** Nobody has to wait: nodes that are freed are copied. */
  isOf(): boolean {
    return false
  }

  end(): void {
    const { watchers } = this.nodes
    watchers.splice(watchers.indexOf(this.before), 1)
  }

  private write(node: number, place: number): void {
    this.untouched?.delete(node)
    const kept = this.kept.get(place)
    if (kept === undefined) {
      const { plain, content } = this.read(node)
      writeNode(plain, content, this.seat.writer)
      return
    }
    writeNode(kept.plain, kept.content, this.seat.writer)
    this.kept.delete(place)
    this.keptBytes -= kept.content.length
  }

  private keep(node: number): void {
    const untouched = (this.untouched ??= this.placesLeft())
    const place = untouched.get(node)
    if (place === undefined) return
    untouched.delete(node)
    const { plain, content } = this.read(node)
    this.kept.set(place, { plain, content: content.clone() })
    this.keptBytes += content.length
  }

  private placesLeft(): Map<number, number> {
    const places = new Map<number, number>()
    for (let place = this.written; place < this.order.length; place++) places.set(this.order[place], place)
    return places
  }

  private read(node: number): Kept {
    const { nodes } = this
    const plain = nodes.form(node) === PLAIN
    return {
      plain,
      content: plain ? nodes.plain(node, new Span(nodes.mem(node), 0, 0)) : nodes.listpack(node),
    }
  }
}
