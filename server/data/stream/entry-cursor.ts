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
import { END, entryBefore, entryBytes, highWord, lowWord, readEntry } from '../../memory/listpack-entry.js'
import { listpackBytes } from '../../memory/listpack.js'
import type { ReplyWriter } from '../../resp/reply.js'
import { replyEntry } from '../listpack-reply.js'
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
  private reverse = false
  private inNode = false
  private sameFields = false
  /** Where the next entry begins, unless `isWithin`; backwards: where the one before it ends. */
  private at = 0
  /** Forwards: the entry `id` was read as far as `valueAt`, and the next one begins behind its rest. */
  private isWithin = false
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
    this.isWithin = false
    this.inNode = reverse ? nodes.seekLast(to) : nodes.seekLast(from) || nodes.first()
    if (this.inNode) this.enterNode()
    return this
  }

  /** As `open`, if the cursor stands at the entry just before `from` and nothing has moved since; else does nothing. */
  goOn(from: StreamId, to: StreamId): boolean {
    if (!this.isWithin || this.reverse || !from.follows(this.id)) return false
    this.from.set(from)
    this.to.set(to)
    this.inNode = true
    return true
  }

  /**
   * To the living entry `id`, which is at or behind the one where the cursor stands, if it is in the same node. False: it
   * is not, or nobody knows.
   */
  reach(id: StreamId): boolean {
    if (id.compare(this.id) < 0 || !this.nodes.isLastBefore(id)) return false
    while (this.id.compare(id) < 0 && this.step());
    return this.id.equals(id) && (this.mem.u8[this.flagsAt] & DELETED) === 0
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

  /** At the start of a node that stands anywhere: its first id, and its listpack. For a walk within it. */
  openListpack(first: StreamId, mem: Mem, start: number): this {
    this.reverse = false
    this.master.set(first)
    this.enter(mem, start)
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

  /** Replies the fields and values that are left, in turn. */
  replyFields(reply: ReplyWriter): void {
    const { mem, field, value } = this
    for (; this.pairsLeft > 0; this.pairsLeft--) {
      if (this.sameFields) this.fieldAt = replyEntry(reply, mem, this.fieldAt, field)
      else this.valueAt = replyEntry(reply, mem, this.valueAt, field)
      this.valueAt = replyEntry(reply, mem, this.valueAt, value)
    }
  }

  private get mem(): Mem {
    return this.head.mem
  }

  private stop(): boolean {
    this.inNode = false
    return false
  }

  private enterNode(): void {
    const { nodes } = this
    const ref = nodes.mem.i32[(nodes.data + BLOCK_AT) >>> 2]
    nodes.id(this.master)
    this.enter(this.arena.mem(ref), offsetOf(ref))
  }

  private enter(mem: Mem, start: number): void {
    const head = this.head.read(mem, start)
    this.isWithin = false
    this.at = this.reverse ? head.start + listpackBytes(head.mem, head.start) - 1 : head.entriesAt
  }

  /** To the next entry of the node, deleted or not; false: there is none. */
  private step(): boolean {
    if (this.reverse) {
      if (this.at <= this.head.entriesAt) return false
      this.at = this.startOfEntryBefore(this.at)
      this.decode(this.at)
    } else {
      if (this.isWithin) this.at = this.endOfEntry()
      if (this.mem.u8[this.at] === END) return false
      this.decode(this.at)
      this.isWithin = true
    }
    return true
  }

  private startOfEntryBefore(end: number): number {
    const { mem } = this
    let at = entryBefore(mem, end)
    for (let count = lowWord(mem, at); count > 0; count--) at = entryBefore(mem, at)
    return at
  }

  /** Reads the entry at `at` as far as its fields. Its flags are one byte, with one behind for the way back. */
  private decode(at: number): void {
    const { mem, head } = this
    this.flagsAt = at
    this.sameFields = (mem.u8[at] & SAME_FIELDS) !== 0
    const msAt = at + 2
    const seqAt = msAt + entryBytes(mem, msAt)
    this.setId(msAt, seqAt)
    at = seqAt + entryBytes(mem, seqAt)
    this.fields = head.fields
    this.fieldAt = head.fieldsAt
    if (!this.sameFields) {
      this.fields = lowWord(mem, at)
      at += entryBytes(mem, at)
    }
    this.pairsLeft = this.fields
    this.valueAt = at
  }

  /** The id is that of the node and the differences that stand at these places. */
  private setId(msAt: number, seqAt: number): void {
    const { mem, master } = this
    const ms = lowWord(mem, msAt)
    const msLow = (master.msLow + ms) | 0
    const msCarry = msLow >>> 0 < ms >>> 0 ? 1 : 0
    const seq = lowWord(mem, seqAt)
    const seqLow = (master.seqLow + seq) | 0
    const seqCarry = seqLow >>> 0 < seq >>> 0 ? 1 : 0
    const msHigh = (master.msHigh + highWord(mem, msAt) + msCarry) | 0
    this.id.setWords(msHigh, msLow, (master.seqHigh + highWord(mem, seqAt) + seqCarry) | 0, seqLow)
  }

  /** Where the entry ends that was read as far as `valueAt`: behind what is left of it, and its count of elements. */
  private endOfEntry(): number {
    const { mem } = this
    const left = this.sameFields ? this.pairsLeft : 2 * this.pairsLeft
    let at = this.valueAt
    for (let i = 0; i <= left; i++) at += entryBytes(mem, at)
    return at
  }
}
