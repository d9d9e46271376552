/** What ZUNION and its kin read: sorted sets, and sets, whose members all have the score 1. */

import { Type } from '../../data/entry.js'
import type { Context } from '../../engine/context.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import type { Span } from '../../lib/bytes.js'
import { WRONG_TYPE } from '../../resp/errors.js'

const SET_SCORE = 1

export class Source {
  private constructor(
    private readonly keyspace: Keyspace,
    /** The entry; 0 for a key that is not there, which is an empty sorted set. */
    private readonly ref: number,
    private readonly isSet: boolean,
  ) {}

  /** Throws WRONG_TYPE when the key holds neither. */
  static at({ db, keyspace }: Context, key: Span): Source {
    const ref = db.read(key)
    const type = ref === 0 ? Type.zset : keyspace.entries.type(ref)
    if (type !== Type.zset && type !== Type.set) throw WRONG_TYPE
    return new Source(keyspace, ref, type === Type.set)
  }

  get size(): number {
    const { keyspace, ref } = this
    if (ref === 0) return 0
    return this.isSet ? keyspace.sets.size(ref) : keyspace.sortedSets.size(ref)
  }

  /** The score of a member, or NaN. */
  score(member: Span): number {
    const { keyspace, ref } = this
    if (ref === 0) return NaN
    if (this.isSet) return keyspace.sets.has(ref, member) ? SET_SCORE : NaN
    return keyspace.sortedSets.seek(ref, member)
  }

  /** Shows every member with its score, until `visit` says false. Walks do not nest. */
  walk(visit: (member: Span, score: number) => boolean | undefined): void {
    const { keyspace, ref } = this
    if (ref === 0) return
    if (this.isSet) {
      keyspace.sets.walk(ref, member => visit(member.span(), SET_SCORE))
      return
    }
    const cursor = keyspace.sortedSets.cursorAt(ref, 0)
    for (let more = cursor !== null; more; more = cursor!.next()) {
      if (visit(cursor!.member(), cursor!.score) === false) return
    }
  }
}
