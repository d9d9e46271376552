/**
 * How a sorted set is stored: see data/form.ts.
 *
 * To change one is two steps. `seek` looks a member up and remembers where it is; the call that follows acts on that
 * without looking again. Nothing else may be asked of the form in between, and the member's bytes must stay.
 *
 * Every range there is comes down to ranks: `countBelow` and `countBefore` turn bounds into ranks, and `cursorAt`
 * walks from a rank.
 */

import type { Span } from '../../lib/bytes.js'
import type { ReplyWriter } from '../../resp/reply.js'
import type { ValueForm } from '../form.js'

/** Walks over members in order, in either direction. The form's own: good until the next is asked for, or a change. */
export interface MemberCursor {
  readonly score: number
  /** The bytes of the member; good until the next move. */
  member(): Span
  /** False behind the last. */
  next(): boolean
  /** False before the first. */
  previous(): boolean
}

export interface SortedSetForm extends ValueForm {
  size(root: number): number
  /** Whether the sorted set stays within the form's limits with this member added. */
  takes(root: number, member: Span): boolean
  /** The score of a member, or NaN. */
  seek(root: number, member: Span): number
  /** The rank of the member found. */
  rank(root: number): number
  /** Adds the member that was sought in vain; answers the root, which may have moved. So do the other changes. */
  insert(root: number, score: number): number
  /** Gives the member found another score. */
  rescore(root: number, score: number): number
  /** Removes the member found. */
  remove(root: number): number
  /** The score of the first member, or of the last, or NaN: a `seek` that only `member` and `removeEnd` may follow. */
  seekEnd(root: number, last: boolean): number
  /** The bytes of the member that `seekEnd` found; good until it is removed. */
  member(root: number): Span
  removeEnd(root: number): number
  /** Removes the members of so many ranks, from `rank` on. */
  removeRange(root: number, rank: number, count: number): number
  /** Adds a member that is not there and comes behind all that are. */
  append(root: number, member: Span, score: number): number
  /** How many members have a score below `score`; `orEqual`: or just this one. */
  countBelow(root: number, score: number, orEqual: boolean): number
  /** How many members come before `bytes`; `orEqual`: or are just that. It makes sense where all scores are equal. */
  countBefore(root: number, bytes: Span, orEqual: boolean): number
  /** Stands at the member of a rank; null when there is none. */
  cursorAt(root: number, rank: number): MemberCursor | null
  /** Answers so many members, all of which there are, from a rank on, as bulk strings. */
  writeMembers(root: number, rank: number, count: number, reverse: boolean, reply: ReplyWriter): void
  /** One step of ZSCAN: meets about `count` members; answers the next cursor, 0 at the end. */
  scan(root: number, cursor: number, count: number, visit: (member: Span, score: number) => void): number
}

/** Where the listpack ends: the directives zset-max-listpack-*. */
export interface SortedSetLimits {
  maxListpackEntries: number
  maxListpackValue: number
}
