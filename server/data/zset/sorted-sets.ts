/**
 * Sorted sets: distinct members, each with a score, in the order of (score, bytes of the member).
 *
 *      listpack    up to zset-max-listpack-entries, each up to zset-max-listpack-value bytes long
 *      tree        anything; it calls itself `skiplist`, which is what it is in Redis
 *
 * A listpack that grows too large becomes a tree, and never goes back. The entry's payload is the root of the form;
 * 0 while the sorted set has no member yet, as between its creation and its first.
 *
 * Commands look a member up (`seek`), decide, and then `put` or `remove` what they sought: one lookup for both.
 */

import { Mem, Span } from '../../lib/bytes.js'
import { formatGeneral } from '../../lib/double.js'
import type { Arena } from '../../memory/arena.js'
import type { Dict, HashKey } from '../../memory/dict.js'
import type { ReplyWriter } from '../../resp/reply.js'
import { EMPTY_VALUE, ZSET_MEMBER_TWICE } from '../serial/bad-data.js'
import { type Entries, Type } from '../entry.js'
import { FormedKind } from '../formed-kind.js'
import type { Place, ValueKind } from '../kind.js'
import { RdbType } from '../serial/encoding.js'
import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import type { ValueDigest } from '../value-digest.js'
import type { MemberCursor, SortedSetForm, SortedSetLimits } from './form.js'
import { ListpackForm } from './listpack-form.js'
import { SORTED_SET_RDB_TYPES, checkSortedSet, readPairs } from './reading.js'
import { TreeForm } from './tree-form.js'

/** Encodings: places in `forms`. */
const LISTPACK = 0
const TREE = 1

export class SortedSets extends FormedKind<SortedSetForm> implements ValueKind {
  readonly name = 'zset'
  readonly rdbTypes = SORTED_SET_RDB_TYPES
  readonly limits: SortedSetLimits = { maxListpackEntries: 128, maxListpackValue: 64 }
  private readonly listpack: ListpackForm
  private readonly tree: TreeForm
  protected readonly forms: readonly SortedSetForm[]
  /** What was sought last: where, and with what result. */
  private soughtIn = 0
  private readonly sought = new Span(new Mem(new ArrayBuffer(8)), 0, 0)
  private found = false

  constructor(arena: Arena, entries: Entries, hashKey: HashKey) {
    super(Type.zset, entries)
    this.listpack = new ListpackForm(arena, this.limits)
    this.tree = new TreeForm(arena, hashKey)
    this.forms = [this.listpack, this.tree]
  }

  // Asking --------------------------------------------------------------------------------------------------

  size(ref: number): number {
    const root = this.entries.payload(ref)
    return root === 0 ? 0 : this.form(ref).size(root)
  }

  /** The score of a member, or NaN. `put` and `remove` may follow; the member's bytes must stay until then. */
  seek(ref: number, member: Span): number {
    this.soughtIn = ref
    this.sought.set(member.mem, member.start, member.length)
    const root = this.entries.payload(ref)
    const score = root === 0 ? NaN : this.form(ref).seek(root, member)
    this.found = !Number.isNaN(score)
    return score
  }

  /** The rank of the member that was sought and found. */
  rank(): number {
    return this.form(this.soughtIn).rank(this.entries.payload(this.soughtIn))
  }

  /** How many members have a score below `score`; `orEqual`: or just this one. */
  countBelow(ref: number, score: number, orEqual: boolean): number {
    return this.form(ref).countBelow(this.entries.payload(ref), score, orEqual)
  }

  /** How many members come before `bytes`; `orEqual`: or are just that. It makes sense where all scores are equal. */
  countBefore(ref: number, bytes: Span, orEqual: boolean): number {
    return this.form(ref).countBefore(this.entries.payload(ref), bytes, orEqual)
  }

  /**
   * Stands at the member of a rank; null when there is none. The cursor is good until the next is asked for, or a
   * change.
   */
  cursorAt(ref: number, rank: number): MemberCursor | null {
    const root = this.entries.payload(ref)
    return root === 0 ? null : this.form(ref).cursorAt(root, rank)
  }

  /** Answers so many members, all of which there are, from a rank on. */
  writeMembers(ref: number, rank: number, count: number, reverse: boolean, reply: ReplyWriter): void {
    this.form(ref).writeMembers(this.entries.payload(ref), rank, count, reverse, reply)
  }

  /** One step of ZSCAN: meets about `count` members; answers the next cursor, 0 at the end. */
  scan(ref: number, cursor: number, count: number, visit: (member: Span, score: number) => void): number {
    return this.form(ref).scan(this.entries.payload(ref), cursor, count, visit)
  }

  /** The hash table of a sorted set that has one. */
  dict(ref: number): Dict | null {
    return this.entries.encoding(ref) === TREE ? this.tree.table(this.entries.payload(ref)) : null
  }

  // Changing ------------------------------------------------------------------------------------------------

  /** Gives the member sought this score; adds it when it was not found. Its bytes must not be this set's own. */
  put(score: number): void {
    const ref = this.soughtIn
    let root = this.entries.payload(ref)
    if (this.found) {
      this.follow(ref, root, this.form(ref).rescore(root, score))
      return
    }
    if (root === 0) root = this.begin(ref)
    else if (!this.form(ref).takes(root, this.sought)) root = this.outgrow(ref)
    this.follow(ref, root, this.form(ref).insert(root, score))
  }

  /** Removes the member that was sought and found. A sorted set left without members is its owner's to delete. */
  remove(): void {
    const ref = this.soughtIn
    const root = this.entries.payload(ref)
    this.follow(ref, root, this.form(ref).remove(root))
  }

  /** The score of the first member, or of the last; NaN: there is none. `endMember` and `removeEnd` may follow. */
  seekEnd(ref: number, last: boolean): number {
    const root = this.entries.payload(ref)
    this.soughtIn = ref
    return root === 0 ? NaN : this.form(ref).seekEnd(root, last)
  }

  /** The bytes of the member that `seekEnd` found; good until it is removed. */
  endMember(): Span {
    return this.form(this.soughtIn).member(this.entries.payload(this.soughtIn))
  }

  /** Removes the member that `seekEnd` found. */
  removeEnd(): void {
    const ref = this.soughtIn
    const root = this.entries.payload(ref)
    this.follow(ref, root, this.form(ref).removeEnd(root))
  }

  /** Removes the members of so many ranks, from `rank` on. */
  removeRange(ref: number, rank: number, count: number): void {
    const root = this.entries.payload(ref)
    this.follow(ref, root, this.form(ref).removeRange(root, rank, count))
  }

  /** Prepares an empty sorted set for so many members, so that it need not grow. `settle` when they are there. */
  reserve(ref: number, size: number): void {
    this.become(ref, TREE, this.tree.create())
    this.tree.reserve(this.entries.payload(ref), size)
  }

  /** Gives a sorted set that was built in one go the form that its members ask for. */
  settle(ref: number, longest = this.limits.maxListpackValue): void {
    const root = this.entries.payload(ref)
    if (this.entries.encoding(ref) !== TREE || this.tree.size(root) > this.limits.maxListpackEntries) return
    for (let cursor = this.cursorAt(ref, 0), more = cursor !== null; more; more = cursor!.next()) {
      if (cursor!.member().length > longest) return
    }
    this.become(ref, LISTPACK, transcribe(this.tree, root, this.listpack))
    this.tree.free(root)
  }

  // As a kind -----------------------------------------------------------------------------------------------

  rdbType(ref: number): number {
    return this.entries.encoding(ref) === LISTPACK ? RdbType.zsetListpack : RdbType.zset2
  }

  /** A tree is written from its end: Redis inserts at the head of a skiplist fastest. */
  serialize(ref: number, writer: ValueWriter): void {
    if (this.entries.encoding(ref) === LISTPACK) {
      writer.string(this.listpack.packed(this.entries.payload(ref)))
      return
    }
    const size = this.size(ref)
    writer.size(size)
    for (let cursor = this.cursorAt(ref, size - 1), more = cursor !== null; more; more = cursor!.previous()) {
      writer.string(cursor!.member())
      writer.double(cursor!.score)
    }
  }

  override pieces(ref: number, seat: WriterSeat): ValuePieces {
    seat.writer.size(this.size(ref))
    return super.pieces(ref, seat)
  }

  deserialize(rdbType: number, reader: ValueReader, place: Place): number {
    if (rdbType === RdbType.zsetListpack) return this.restoreListpack(reader.string(), place)
    const root = this.tree.create()
    const members: number[] = []
    const reserve = (size: number): void => {
      this.tree.reserve(root, size)
    }
    try {
      readPairs(rdbType, reader, reserve, (member, score) => {
        const loaded = this.tree.load(root, member, score)
        if (loaded === 0) throw ZSET_MEMBER_TWICE
        members.push(loaded)
      })
      if (members.length === 0) throw EMPTY_VALUE
    } catch (error) {
      this.tree.free(root)
      throw error
    }
    this.tree.arrange(root, members)
    const made = place(0)
    this.become(made, TREE, root)
    this.settle(made, rdbType === RdbType.zsetZiplist ? Infinity : undefined)
    return made
  }

  elements(ref: number, visit: (element: Span) => void): void {
    const cursor = this.cursorAt(ref, 0)
    for (let more = cursor !== null; more; more = cursor!.next()) visit(cursor!.member())
  }

  digest(ref: number, digest: ValueDigest): void {
    for (let cursor = this.cursorAt(ref, 0), more = cursor !== null; more; more = cursor!.next()) {
      digest.unorderedParts([cursor!.member().bytes(), Buffer.from(formatGeneral(cursor!.score))])
    }
  }

  // Inside --------------------------------------------------------------------------------------------------

  /** The first member decides the form, and is sought there. Answers the root. */
  private begin(ref: number): number {
    const { maxListpackEntries, maxListpackValue } = this.limits
    const small = maxListpackEntries > 0 && this.sought.length <= maxListpackValue
    const encoding = small ? LISTPACK : TREE
    const root = this.become(ref, encoding, this.forms[encoding].create())
    this.form(ref).seek(root, this.sought)
    return root
  }

  /** A listpack becomes a tree, and what did not fit is sought there. Answers the root. */
  private outgrow(ref: number): number {
    const packed = this.entries.payload(ref)
    const root = this.become(ref, TREE, transcribe(this.listpack, packed, this.tree))
    this.listpack.free(packed)
    this.tree.seek(root, this.sought)
    return root
  }

  /** Takes a listpack as it is, if it is one of ours; one that is too long becomes a tree. */
  private restoreListpack(packed: Span, place: Place): number {
    checkSortedSet(packed)
    const root = this.listpack.adopt(packed)
    if (this.listpack.size(root) <= this.limits.maxListpackEntries) return this.placed(place, LISTPACK, root)
    const grown = transcribe(this.listpack, root, this.tree)
    this.listpack.free(root)
    return this.placed(place, TREE, grown)
  }
}

/** Writes all members of a sorted set into a new one of another form; answers its root. */
function transcribe(from: SortedSetForm, root: number, to: SortedSetForm): number {
  let made = to.create()
  const cursor = from.cursorAt(root, 0)
  for (let more = cursor !== null; more; more = cursor!.next()) {
    made = to.append(made, cursor!.member(), cursor!.score)
  }
  return made
}
