/**
 * A small sorted set: a listpack of members and scores in turn, in order. See memory/listpack.ts.
 *
 * Every question is a walk from the front. That is what makes it small, and why there is a limit.
 */

import { compareBytes, type Mem, type Span } from '../../lib/bytes.js'
import { type Arena, offsetOf } from '../../memory/arena.js'
import { Element } from '../../memory/element.js'
import {
  EMPTY_LISTPACK_BYTES,
  NO_ENTRY,
  appendElement,
  endOfListpack,
  entryAtIndex,
  entryBytesFor,
  findElement,
  firstEntry,
  initListpack,
  insertElement,
  listpackBytes,
  listpackLength,
  nextEntry,
  previousEntry,
  readElement,
  removeElements,
} from '../../memory/listpack.js'
import type { ReplyWriter } from '../../resp/reply.js'
import { OneBlock } from '../one-block.js'
import type { MemberCursor, SortedSetForm, SortedSetLimits } from './form.js'
import { ScoreText, readScore } from './score.js'

/** Redis lets no listpack grow beyond this. */
const BYTES_MAX = 1 << 30

export class ListpackForm extends OneBlock implements SortedSetForm {
  readonly name = 'listpack'
  /** The member sought, and where it is. */
  private readonly sought = new Element()
  private at = NO_ENTRY
  private readonly score = new Element()
  private readonly other = new Element()
  private readonly text = new ScoreText()
  private readonly cursor = new PairCursor()

  constructor(
    arena: Arena,
    private readonly limits: SortedSetLimits,
  ) {
    super(arena)
  }

  create(): number {
    const root = this.arena.alloc(EMPTY_LISTPACK_BYTES)
    initListpack(this.mem(root), offsetOf(root))
    return root
  }

  size(root: number): number {
    return listpackLength(this.mem(root), offsetOf(root)) >>> 1
  }

  takes(root: number, member: Span): boolean {
    const { maxListpackEntries, maxListpackValue } = this.limits
    if (member.length > maxListpackValue || this.size(root) >= maxListpackEntries) return false
    return this.length(root) + member.length < BYTES_MAX
  }

  seek(root: number, member: Span): number {
    const mem = this.mem(root)
    const start = offsetOf(root)
    this.at = findElement(mem, start, firstEntry(mem, start), this.sought.set(member), 2)
    return this.at === NO_ENTRY ? NaN : this.scoreBehind(mem, start, this.at)
  }

  rank(root: number): number {
    const mem = this.mem(root)
    const start = offsetOf(root)
    let rank = 0
    for (let at = firstEntry(mem, start); at !== this.at; at = behindPair(mem, start, at)) rank++
    return rank
  }

  insert(root: number, score: number): number {
    return this.place(root, this.length(root), score)
  }

  rescore(root: number, score: number): number {
    const before = this.length(root)
    removeElements(this.mem(root), offsetOf(root), this.at, 2)
    return this.place(root, before, score)
  }

  remove(root: number): number {
    return this.cut(root, this.at, 1)
  }

  seekEnd(root: number, last: boolean): number {
    const mem = this.mem(root)
    const start = offsetOf(root)
    this.at = last ? lastPair(mem, start) : firstEntry(mem, start)
    return this.at === NO_ENTRY ? NaN : this.scoreBehind(mem, start, this.at)
  }

  member(root: number): Span {
    return readElement(this.mem(root), offsetOf(root), this.at, this.sought).span()
  }

  removeEnd(root: number): number {
    return this.remove(root)
  }

  removeRange(root: number, rank: number, count: number): number {
    return this.cut(root, entryAtIndex(this.mem(root), offsetOf(root), 2 * rank), count)
  }

  append(root: number, member: Span, score: number): number {
    this.sought.set(member)
    this.text.write(score, this.score)
    const made = this.widen(root, this.length(root))
    appendElement(this.mem(made), offsetOf(made), this.sought)
    appendElement(this.mem(made), offsetOf(made), this.score)
    return made
  }

  countBelow(root: number, score: number, orEqual: boolean): number {
    const mem = this.mem(root)
    const start = offsetOf(root)
    let count = 0
    for (let at = firstEntry(mem, start); at !== NO_ENTRY; at = behindPair(mem, start, at), count++) {
      const each = this.scoreBehind(mem, start, at)
      if (orEqual ? each > score : each >= score) break
    }
    return count
  }

  countBefore(root: number, bytes: Span, orEqual: boolean): number {
    const mem = this.mem(root)
    const start = offsetOf(root)
    let count = 0
    for (let at = firstEntry(mem, start); at !== NO_ENTRY; at = behindPair(mem, start, at), count++) {
      const order = this.compareAt(mem, start, at, bytes)
      if (orEqual ? order > 0 : order >= 0) break
    }
    return count
  }

  cursorAt(root: number, rank: number): MemberCursor | null {
    const mem = this.mem(root)
    const start = offsetOf(root)
    return this.cursor.enter(mem, start, entryAtIndex(mem, start, 2 * rank)) ? this.cursor : null
  }

  writeMembers(root: number, rank: number, count: number, reverse: boolean, reply: ReplyWriter): void {
    const cursor = this.cursorAt(root, rank)
    if (cursor === null) return
    for (let left = count; left > 0; left--) {
      reply.bulk(cursor.member())
      if (reverse) cursor.previous()
      else cursor.next()
    }
  }

  /** All at once: there are few. */
  scan(root: number, _cursor: number, _count: number, visit: (member: Span, score: number) => void): number {
    const cursor = this.cursorAt(root, 0)
    for (let more = cursor !== null; more; more = cursor!.next()) visit(cursor!.member(), cursor!.score)
    return 0
  }

  // Inside --------------------------------------------------------------------------------------------------

  /** Puts the member sought where its score belongs. `before`: the size of the block. */
  private place(root: number, before: number, score: number): number {
    this.text.write(score, this.score)
    const made = this.widen(root, before)
    const mem = this.mem(made)
    const start = offsetOf(made)
    const at = this.placeFor(mem, start, score)
    insertElement(mem, start, at, this.score)
    insertElement(mem, start, at, this.sought)
    return made
  }

  /** The first pair that comes behind the member sought, had it this score; or the end. */
  private placeFor(mem: Mem, start: number, score: number): number {
    const member = this.sought.span()
    const end = endOfListpack(mem, start)
    if (this.endsBefore(mem, start, end, score, member)) return end
    let at = firstEntry(mem, start)
    while (at !== NO_ENTRY && this.isBefore(mem, start, at, score, member)) at = behindPair(mem, start, at)
    return at === NO_ENTRY ? end : at
  }

  /** Whether even the last pair comes before: so it is where scores rise with time. */
  private endsBefore(mem: Mem, start: number, end: number, score: number, member: Span): boolean {
    const last = previousEntry(mem, start, end)
    return last === NO_ENTRY || this.isBefore(mem, start, previousEntry(mem, start, last), score, member)
  }

  private isBefore(mem: Mem, start: number, at: number, score: number, member: Span): boolean {
    const each = readScore(readElement(mem, start, nextEntry(mem, start, at), this.other))
    return each === score ? this.compareAt(mem, start, at, member) < 0 : each < score
  }

  /** Removes pairs, from `at` on. */
  private cut(root: number, at: number, pairs: number): number {
    const before = this.length(root)
    removeElements(this.mem(root), offsetOf(root), at, 2 * pairs)
    return this.resize(root, before, this.length(root))
  }

  /** Makes room for the member sought with its score. `before`: the size of the block. */
  private widen(root: number, before: number): number {
    const more = entryBytesFor(this.sought) + entryBytesFor(this.score)
    return this.resize(root, before, this.length(root) + more)
  }

  private scoreBehind(mem: Mem, start: number, at: number): number {
    return readScore(readElement(mem, start, nextEntry(mem, start, at), this.other))
  }

  private compareAt(mem: Mem, start: number, at: number, bytes: Span): number {
    const member = readElement(mem, start, at, this.other).span()
    return compareBytes(member.mem, member.start, member.length, bytes.mem, bytes.start, bytes.length)
  }

  protected length(root: number): number {
    return listpackBytes(this.mem(root), offsetOf(root))
  }
}

function behindPair(mem: Mem, start: number, at: number): number {
  return nextEntry(mem, start, nextEntry(mem, start, at))
}

function lastPair(mem: Mem, start: number): number {
  const score = previousEntry(mem, start, endOfListpack(mem, start))
  return score === NO_ENTRY ? NO_ENTRY : previousEntry(mem, start, score)
}

/** Reads members and scores in turn. */
export class PairCursor implements MemberCursor {
  private mem!: Mem
  private start = 0
  private at = NO_ENTRY
  private readonly element = new Element()
  private readonly scoreElement = new Element()

  /** Stands at the pair whose member is at `at`; false when that is NO_ENTRY. */
  enter(mem: Mem, start: number, at: number): boolean {
    this.mem = mem
    this.start = start
    return this.moveTo(at)
  }

  get score(): number {
    const { mem, start } = this
    return readScore(readElement(mem, start, nextEntry(mem, start, this.at), this.scoreElement))
  }

  member(): Span {
    return readElement(this.mem, this.start, this.at, this.element).span()
  }

  next(): boolean {
    return this.moveTo(behindPair(this.mem, this.start, this.at))
  }

  previous(): boolean {
    const score = previousEntry(this.mem, this.start, this.at)
    return this.moveTo(score === NO_ENTRY ? NO_ENTRY : previousEntry(this.mem, this.start, score))
  }

  private moveTo(at: number): boolean {
    this.at = at
    return at !== NO_ENTRY
  }
}
