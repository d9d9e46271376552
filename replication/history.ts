/**
 * Whose history is this, and how far has it been told? The rules of PSYNC, without a server around them.
 *
 * A history is a stream of bytes with a name, the replid of 40 hex digits. An offset counts its bytes from the
 * beginning, so `(replid, offset)` says all about what a server has seen. Two servers that have seen the same bytes
 * under the same name hold the same data.
 *
 * A replica that becomes a master goes on under a new name, for nobody must take what it writes for what its old
 * master may still be writing. Up to the point where they part both names mean the same bytes. The old name and that
 * point are kept as `replid2` and `offset2`: a sibling, or the old master when it comes back, that has not gone beyond
 * it can go on from where it is.
 *
 *      replid A   0 ------------- offset2 -------- ...        the old master, writing on alone
 *                                    \
 *      replid B                       `----------- offset     this server
 *
 * On the wire offsets name the first byte wanted (`PSYNC A 101`: has 100), and so does second_repl_offset of INFO; here
 * they count the bytes that are there.
 */

export interface History {
  readonly replid: string
  /** The name before, or NO_REPLID. */
  readonly replid2: string
  /** How many bytes both names share; -1 without a name before. */
  readonly offset2: number
}

/** What of a history is still at hand: the bytes behind `start`, up to `end`. */
export interface Extent {
  readonly start: number
  readonly end: number
}

/** A place in a history: behind so many bytes of it. */
export interface Place {
  readonly replid: string
  readonly offset: number
}

/** `other history`: a name that means nothing here; `parted`: it went on where we did not; `gone`: not at hand. */
export type Verdict = 'continue' | 'other history' | 'parted' | 'gone'

/** As many as `Engine.freshName` makes. */
export const REPLID_DIGITS = 40
export const NO_REPLID = '0'.repeat(REPLID_DIGITS)

/** Does this history pass, or will it pass, by a place? */
export function passesBy(history: History, { replid, offset }: Place): 'yes' | 'other history' | 'parted' {
  if (replid === history.replid) return 'yes'
  if (replid !== history.replid2 || history.offset2 < 0) return 'other history'
  return offset > history.offset2 ? 'parted' : 'yes'
}

/** Can a replica go on from here? */
export function judge(history: History, kept: Extent | null, place: Place): Verdict {
  const passes = passesBy(history, place)
  if (passes !== 'yes') return passes
  if (kept === null || place.offset < kept.start || place.offset > kept.end) return 'gone'
  return 'continue'
}

/** Why a replica cannot go on, as the log says it. */
export function refusalOf(verdict: Verdict, history: History, replica: string, asked: Place): string {
  const { replid, replid2, offset2 } = history
  const first = asked.offset + 1
  switch (verdict) {
    case 'other history':
      return (
        `Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '${asked.replid}', my ` +
        `replication IDs are '${replid}' and '${replid2}')`
      )
    case 'parted':
      return (
        `Partial resynchronization not accepted: Requested offset for second ID was ${first}, but I can reply ` +
        `up to ${offset2 + 1}`
      )
    default:
      return `Unable to partial resync with replica ${replica} for lack of backlog (Replica request was: ${first}).`
  }
}

/** A history that shares nothing with any other. */
export function begun(replid: string): History {
  return { replid, replid2: NO_REPLID, offset2: -1 }
}

/** The same bytes go on under a new name: a replica at `offset` becomes a master. */
export function renamed(history: History, replid: string, offset: number): History {
  return { replid, replid2: history.replid, offset2: offset }
}
