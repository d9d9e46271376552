/**
 * A sorted set of any size: a hash table of its members and a tree of their order.
 *
 *      root     tree: 4 words | bytes of members: f64 | dict: ref | -
 *      member   score: f64 | key
 *
 * A member is one block. The table finds it by its bytes, and with it the score; the tree, which keeps a copy of the
 * score, knows its rank. Beside the 9 bytes and the member itself, that is about 7 bytes of table and 14 to 20 of
 * tree for each.
 */

import { Mem, Span, compareBytes } from '../../lib/bytes.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT, blockBytes } from '../../memory/arena.js'
import { DICT_ROOT_BYTES, Dict, type HashKey } from '../../memory/dict.js'
import { scanAbout } from '../../memory/dict-scan.js'
import { keyRoom, readKey, shortKeyLength, writeKey } from '../../memory/key.js'
import { OrderedTree, ROW_MAX, type TreeCursor } from '../../memory/ordered-tree.js'
import type { ReplyWriter } from '../../resp/reply.js'
import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import { RegionSaves } from '../serial/region-save.js'
import type { MemberCursor, SortedSetForm } from './form.js'
import { PopAhead } from './pop-ahead.js'
import { RowAhead } from './row-ahead.js'

const ROOT_BYTES = 32
const BYTES_AT = 16
const DICT_WORD = 6
const KEY_AT = 8
/** Blocks beside those of members and tree. */
const OTHER_BLOCKS = 3
const MEMBERS_PER_NODE = 14

export class TreeForm implements SortedSetForm {
  readonly name = 'skiplist'
  private readonly dict: Dict
  private readonly tree: OrderedTree
  private readonly cursor: NodeCursor
  private readonly rows: RowAhead
  private readonly ahead: PopAhead
  /** The member sought: its bytes, its hash, its block (or 0). */
  private readonly sought = new Span(new Mem(new ArrayBuffer(8)), 0, 0)
  private hash = 0
  private found = 0
  private readonly key = new Span(this.sought.mem, 0, 0)
  private readonly other = new Span(this.sought.mem, 0, 0)
  /** Members of a range on their way into a reply, or out of the sorted set, with their hashes. */
  private readonly row = new Int32Array(ROW_MAX)
  private readonly hashes = new Int32Array(ROW_MAX)
  /** The sorted sets that are half written. */
  private readonly saves = new RegionSaves()

  constructor(
    private readonly arena: Arena,
    hashKey: HashKey,
  ) {
    this.dict = new Dict(arena, hashKey, KEY_AT)
    this.tree = new OrderedTree(arena, KEY_AT)
    this.cursor = new NodeCursor(this.tree.cursor())
    this.rows = new RowAhead(arena)
    this.ahead = new PopAhead(this.tree, this.rows)
  }

  create(): number {
    const root = this.arena.alloc(ROOT_BYTES)
    this.tree.create(root)
    this.words(root)[wordAt(root) + DICT_WORD] = this.dict.create()
    this.setMemberBytes(root, 0)
    return root
  }

  /** Makes room for so many members at once. */
  reserve(root: number, size: number): void {
    this.openDict(root).reserve(size)
    this.dict.close()
  }

  size(root: number): number {
    return this.tree.open(root).count
  }

  takes(): boolean {
    return true
  }

  seek(root: number, member: Span): number {
    const dict = this.openDict(root)
    this.sought.set(member.mem, member.start, member.length)
    this.hash = dict.knownHash(member)
    this.found = dict.find(member, this.hash)
    return this.found === 0 ? NaN : this.scoreOf(this.found)
  }

  rank(root: number): number {
    return this.tree.open(root).rank(this.scoreOf(this.found), this.found)
  }

  insert(root: number, score: number): number {
    this.tree.open(root).insert(score, this.enter(root, score))
    return root
  }

  rescore(root: number, score: number): number {
    const { found } = this
    this.saves.before(root, this.hash)
    this.tree.open(root).rescore(this.scoreOf(found), found, score)
    this.arena.mems[found >>> SEGMENT_SHIFT].dv.setFloat64((found & UNIT_MASK) << UNIT_SHIFT, score, true)
    return root
  }

  remove(root: number): number {
    this.saves.before(root, this.hash)
    this.ahead.forget()
    this.tree.open(root).remove(this.scoreOf(this.found), this.found)
    this.drop(root, this.hash, this.found)
    this.dict.close()
    return root
  }

  seekEnd(root: number, last: boolean): number {
    const tree = this.tree.open(root)
    if (this.ahead.isDue(root)) this.ahead.bringNear(this.openDict(root), last)
    this.found = tree.seekEnd(last)
    return this.found === 0 ? NaN : this.scoreOf(this.found)
  }

  member(): Span {
    return this.dict.key(this.found, this.key)
  }

  removeEnd(root: number): number {
    const dict = this.openDict(root)
    const hash = this.ahead.hashOf(dict, this.found)
    this.saves.before(root, hash)
    this.tree.removeEnd()
    this.drop(root, hash, this.found)
    dict.close()
    return root
  }

  removeRange(root: number, rank: number, count: number): number {
    const tree = this.tree.open(root)
    const { place } = this.cursor
    this.ahead.forget()
    for (let taken = 0; count > 0; count -= taken) {
      tree.seek(rank, place)
      taken = place.takeRow(this.row, count, false)
      tree.removeRow(taken)
      this.dropRow(root, taken)
    }
    return root
  }

  append(root: number, member: Span, score: number): number {
    this.sought.set(member.mem, member.start, member.length)
    this.hash = this.openDict(root).hash(member)
    this.tree.open(root).append(score, this.enter(root, score))
    return root
  }

  /** A member of a sorted set that comes in no certain order; `arrange` has to follow. Answers its block, 0 when it is there. */
  load(root: number, member: Span, score: number): number {
    return Number.isNaN(this.seek(root, member)) ? this.enter(root, score) : 0
  }

  /** Puts members that were loaded in order: mostly they came from the last to the first, as Redis writes them. */
  arrange(root: number, members: readonly number[]): void {
    const tree = this.tree.open(root)
    let last = 0
    for (let i = members.length - 1; i >= 0; i--) {
      const member = members[i]
      const score = this.scoreOf(member)
      if (last !== 0 && !this.isBefore(last, member)) {
        tree.insert(score, member)
        continue
      }
      tree.append(score, member)
      last = member
    }
  }

  countBelow(root: number, score: number, orEqual: boolean): number {
    return this.tree.open(root).countBelow(score, orEqual)
  }

  countBefore(root: number, bytes: Span, orEqual: boolean): number {
    return this.tree.open(root).countBefore(bytes, orEqual)
  }

  cursorAt(root: number, rank: number): MemberCursor | null {
    return this.tree.open(root).seek(rank, this.cursor.place) ? this.cursor : null
  }

  /** A leaf at a time: a hundred members are a hundred blocks anywhere in memory, and several are asked for at once. */
  writeMembers(root: number, rank: number, count: number, reverse: boolean, reply: ReplyWriter): void {
    const { row } = this
    const { place } = this.cursor
    let left = this.tree.open(root).seek(rank, place) ? count : 0
    while (left > 0 && !reply.unheard) {
      const taken = place.takeRow(row, left, reverse)
      for (let i = 0; i < taken; i++) this.writeMember(row[i], reply)
      left -= taken
    }
  }

  scan(root: number, cursor: number, count: number, visit: (member: Span, score: number) => void): number {
    const dict = this.openDict(root)
    return scanAbout(dict, cursor, count, ref => {
      visit(dict.key(ref, this.key), this.scoreOf(ref))
    })
  }

  copy(root: number): number {
    const made = this.create()
    this.reserve(made, this.size(root))
    const cursor = this.cursorAt(root, 0)
    for (let more = cursor !== null; more; more = cursor!.next())
      this.append(made, cursor!.member(), cursor!.score)
    return made
  }

  // Dying and being weighed ---------------------------------------------------------------------------------

  free(root: number): void {
    this.freeSlice(root, Infinity)
  }

  freeSlice(root: number, budget: number): boolean {
    const dict = this.openDict(root)
    this.ahead.forget()
    let left = budget
    const emptied = dict.drain(budget, ref => {
      this.arena.free(ref, this.blockBytesOf(ref))
      left--
    })
    dict.close()
    if (!emptied || !this.tree.open(root).free(left)) return false
    this.arena.free(this.dictOf(root), DICT_ROOT_BYTES)
    this.arena.free(root, ROOT_BYTES)
    return true
  }

  effort(root: number): number {
    const size = this.size(root)
    return size + Math.ceil(size / MEMBERS_PER_NODE) + OTHER_BLOCKS
  }

  bytes(root: number): number {
    const tables = this.openDict(root).tableBytes + blockBytes(DICT_ROOT_BYTES)
    return blockBytes(ROOT_BYTES) + tables + this.memberBytes(root) + this.tree.open(root).bytes
  }

  *blocks(root: number): Generator<readonly [ref: number, bytes: number]> {
    yield [root, ROOT_BYTES]
    yield [this.dictOf(root), DICT_ROOT_BYTES]
    yield* [...this.openDict(root).blocks()]
    const members: number[] = []
    this.dict.forEach(ref => members.push(ref))
    for (const ref of members) yield [ref, this.blockBytesOf(ref)]
    yield* [...this.tree.open(root).blocks()]
  }

  /** Members come in the order of the table. */
  pieces(root: number, seat: WriterSeat, isOf: (ref: number) => boolean): ValuePieces {
    const member = new Span(this.key.mem, 0, 0)
    const writeRegion = (region: number, regions: number): void => {
      const dict = this.openDict(root)
      dict.visitRegion(region, regions, ref => {
        seat.writer.string(dict.key(ref, member))
        seat.writer.double(this.scoreOf(ref))
      })
    }
    return this.saves.begin(root, this.size(root), writeRegion, isOf)
  }

  /** The table of a sorted set, for who looks into tables (DEBUG HTSTATS-KEY). */
  table(root: number): Dict {
    return this.openDict(root)
  }

  // Inside --------------------------------------------------------------------------------------------------

  /** Makes a block of the member sought, and puts it into the table alone. */
  private enter(root: number, score: number): number {
    const { sought, hash } = this
    this.saves.before(root, hash)
    this.ahead.forget()
    const bytes = KEY_AT + keyRoom(sought.length)
    const ref = this.arena.alloc(bytes)
    const mem = this.arena.mems[ref >>> SEGMENT_SHIFT]
    const at = (ref & UNIT_MASK) << UNIT_SHIFT
    mem.dv.setFloat64(at, score, true)
    writeKey(mem, at + KEY_AT, sought)
    this.dict.insert(hash, ref)
    this.dict.close()
    this.setMemberBytes(root, this.memberBytes(root) + blockBytes(bytes))
    return ref
  }

  private isBefore(a: number, b: number): boolean {
    const [x, y] = [this.scoreOf(a), this.scoreOf(b)]
    if (x !== y) return x < y
    const { mem, start, length } = this.dict.key(a, this.key)
    const other = this.dict.key(b, this.other)
    return compareBytes(mem, start, length, other.mem, other.start, other.length) < 0
  }

  private writeMember(ref: number, reply: ReplyWriter): void {
    const mem = this.arena.mems[ref >>> SEGMENT_SHIFT]
    const at = ((ref & UNIT_MASK) << UNIT_SHIFT) + KEY_AT
    const length = shortKeyLength(mem, at)
    if (length >= 0) reply.bulkBytes(mem, at + 1, length)
    else reply.bulk(readKey(mem, at, this.key))
  }

  /** Takes a member out of the table, and frees it. */
  private drop(root: number, hash: number, ref: number): void {
    const bytes = this.blockBytesOf(ref)
    this.dict.remove(hash, ref)
    this.arena.free(ref, bytes)
    this.setMemberBytes(root, this.memberBytes(root) - blockBytes(bytes))
  }

  /** As `drop`, for the members of the row. Saving one of them first opens the table: all that comes before. */
  private dropRow(root: number, count: number): void {
    const { row, hashes } = this
    this.rows.bringNear(this.openDict(root), row, count, hashes)
    for (let i = 0; i < count; i++) this.saves.before(root, hashes[i])
    for (let i = 0; i < count; i++) this.drop(root, hashes[i], row[i])
    this.dict.close()
  }

  private openDict(root: number): Dict {
    return this.dict.open(this.dictOf(root))
  }

  private dictOf(root: number): number {
    return this.words(root)[wordAt(root) + DICT_WORD]
  }

  private scoreOf(ref: number): number {
    return this.arena.mems[ref >>> SEGMENT_SHIFT].dv.getFloat64((ref & UNIT_MASK) << UNIT_SHIFT, true)
  }

  private blockBytesOf(ref: number): number {
    return KEY_AT + keyRoom(this.dict.key(ref, this.key).length)
  }

  private memberBytes(root: number): number {
    return this.arena.mems[root >>> SEGMENT_SHIFT].dv.getFloat64(bytesAt(root), true)
  }

  private setMemberBytes(root: number, bytes: number): void {
    this.arena.mems[root >>> SEGMENT_SHIFT].dv.setFloat64(bytesAt(root), bytes, true)
  }

  private words(root: number): Int32Array {
    return this.arena.mems[root >>> SEGMENT_SHIFT].i32
  }
}

function wordAt(root: number): number {
  return (root & UNIT_MASK) << 2
}

function bytesAt(root: number): number {
  return ((root & UNIT_MASK) << UNIT_SHIFT) + BYTES_AT
}

/** A tree's cursor, as a walk over members. */
class NodeCursor implements MemberCursor {
  private readonly span = new Span(new Mem(new ArrayBuffer(8)), 0, 0)

  constructor(readonly place: TreeCursor) {}

  get score(): number {
    return this.place.score
  }

  member(): Span {
    return this.place.key(this.span)
  }

  next(): boolean {
    return this.place.next()
  }

  previous(): boolean {
    return this.place.previous()
  }
}
