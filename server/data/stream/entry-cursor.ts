/**
 * Reads the entries of a stream between two ids, both included, in either direction, without making anything:
 *
 *      cursor.open(nodes, from, to, reverse)
 *      while (cursor.next()) {
 *        use(cursor.id)
 *        while (cursor.nextField()) use(cursor.field.span(), cursor.value.span())
 *      }
 *
 * Id, field and value are the cursor's own, valid until the next move. It must not outlive a change of the stream's
 * nodes; whatever else changes is no matter to it.
 */

import type { Mem } from '../../lib/bytes.js'
import { type Arena, offsetOf } from '../../memory/arena.js'
import { Element } from '../../memory/element.js'
import { END, entryBefore, entryBytes, readEntry } from '../../memory/listpack-entry.js'
import { listpackBytes } from '../../memory/listpack.js'
import type { IdTable } from './id-table.js'
import { BLOCK_AT } from './layout.js'
import { DELETED, NodeHead, SAME_FIELDS } from './node.js'
import { StreamId } from './stream-id.js'

export class EntryCursor {
  readonly id = new StreamId()
  /** Pairs of the entry. */
  fields = 0
  readonly field = new Element()
  readonly value = new Element()
  /** Where the flags of the entry stand, in the listpack of `head`. */
  flagsAt = 0
  readonly head = new NodeHead()

  private nodes!: IdTable
  private readonly from = new StreamId()
  private readonly to = new StreamId()
  private readonly master = new StreamId()
  private readonly element = new Element()
  private reverse = false
  private inNode = false
  private sameFields = false
  /** Where the next entry begins; backwards: where the one before it ends. */
  private at = 0
  private fieldAt = 0
  private valueAt = 0
  private pairsLeft = 0

  constructor(private readonly arena: Arena) {}

  /** `nodes`: an id table that nobody else moves meanwhile. */
  open(nodes: IdTable, from: StreamId, to: StreamId, reverse = false): this {
    this.nodes = nodes
    this.from.set(from)
    this.to.set(to)
    this.reverse = reverse
    this.inNode = reverse ? nodes.seekLast(to) : nodes.seekLast(from) || nodes.first()
    if (this.inNode) this.enterNode()
    return this
  }

  next(): boolean {
    while (this.inNode) {
      while (this.step()) {
        if (this.reverse ? this.id.compare(this.from) < 0 : this.id.compare(this.to) > 0) return this.stop()
        const early = this.reverse ? this.id.compare(this.to) > 0 : this.id.compare(this.from) < 0
        if (!early && (this.mem.u8[this.flagsAt] & DELETED) === 0) return true
      }
      this.inNode = this.reverse ? this.nodes.previous() : this.nodes.next()
      if (this.inNode) this.enterNode()
    }
    return false
  }

  /** At the start of the node at the place of `nodes`, for a walk within it. */
  openNode(nodes: IdTable): this {
    this.nodes = nodes
    this.reverse = false
    this.enterNode()
    return this
  }

  /** To the next living entry of the node. */
  nextInNode(): boolean {
    while (this.step()) {
      if ((this.mem.u8[this.flagsAt] & DELETED) === 0) return true
    }
    return false
  }

  /** The id of the last entry of the node, living or not. */
  lastInNode(): StreamId {
    this.decode(this.startOfEntryBefore(this.head.start + listpackBytes(this.mem, this.head.start) - 1))
    return this.id
  }

  nextField(): boolean {
    if (this.pairsLeft === 0) return false
    this.pairsLeft--
    if (this.sameFields) {
      readEntry(this.mem, this.fieldAt, this.field)
      this.fieldAt += entryBytes(this.mem, this.fieldAt)
    } else {
      readEntry(this.mem, this.valueAt, this.field)
      this.valueAt += entryBytes(this.mem, this.valueAt)
    }
    readEntry(this.mem, this.valueAt, this.value)
    this.valueAt += entryBytes(this.mem, this.valueAt)
    return true
  }

  private get mem(): Mem {
    return this.head.mem
  }

  private stop(): boolean {
    this.inNode = false
    return false
  }

  private enterNode(): void {
    const { nodes, head } = this
    const ref = nodes.mem.i32[(nodes.data + BLOCK_AT) >>> 2]
    nodes.id(this.master)
    head.read(this.arena.mem(ref), offsetOf(ref))
    this.at = this.reverse ? head.start + listpackBytes(head.mem, head.start) - 1 : head.entriesAt
  }

  /** To the next entry of the node, deleted or not; false: there is none. */
  private step(): boolean {
    if (this.reverse) {
      if (this.at <= this.head.entriesAt) return false
      this.at = this.startOfEntryBefore(this.at)
      this.decode(this.at)
    } else {
      if (this.mem.u8[this.at] === END) return false
      this.at = this.decode(this.at)
    }
    return true
  }

  private startOfEntryBefore(end: number): number {
    let at = entryBefore(this.mem, end)
    for (let count = this.number(at); count > 0; count--) at = entryBefore(this.mem, at)
    return at
  }

  /** Reads the entry at `at` as far as its fields; answers where it ends. */
  private decode(at: number): number {
    const { mem, master, element, id, head } = this
    this.flagsAt = at
    this.sameFields = (mem.u8[at] & SAME_FIELDS) !== 0
    at += entryBytes(mem, at)
    readEntry(mem, at, element)
    const ms = element.low >>> 0
    const msLow = (master.msLow + element.low) | 0
    const msHigh = (master.msHigh + element.high + (msLow >>> 0 < ms ? 1 : 0)) | 0
    at += entryBytes(mem, at)
    readEntry(mem, at, element)
    const seq = element.low >>> 0
    const seqLow = (master.seqLow + element.low) | 0
    id.setWords(msHigh, msLow, (master.seqHigh + element.high + (seqLow >>> 0 < seq ? 1 : 0)) | 0, seqLow)
    at += entryBytes(mem, at)
    this.fields = head.fields
    this.fieldAt = head.fieldsAt
    if (!this.sameFields) {
      this.fields = this.number(at)
      at += entryBytes(mem, at)
    }
    this.pairsLeft = this.fields
    this.valueAt = at
    return this.reverse ? 0 : this.endOfEntry(at)
  }

  private endOfEntry(at: number): number {
    const values = this.sameFields ? this.fields : 2 * this.fields
    for (let i = 0; i <= values; i++) at += entryBytes(this.mem, at)
    return at
  }

  private number(at: number): number {
    readEntry(this.mem, at, this.element)
    return this.element.low
  }
}
