/**
 * When the fields of a hash die, and finding those that are dead.
 *
 * A field whose time has come is dead at once, but nothing happens at that moment: a timer for each of millions of
 * fields would cost more than the fields. Its entry stays until the sweep meets it, or until somebody sets the field
 * again; until then all who look must ask `isDead`.
 *
 * The sweep goes round the table a few buckets at a time. Most rounds would be in vain, so the head of the hash keeps a
 * bound: no field dies before `earliest`. A new time lowers it at once. That a field which set it has gone raises nothing,
 * since nobody knows the next one; so the bound may be too low, which costs a round of the sweep, and is never too high.
 * Each round gathers the true one from what it leaves behind (`swept`).
 *
 *      round of the sweep    |#################>..............|
 *                              swept: of these   earliest: of all
 *
 * It works on the head and the table of the form it belongs to, as they are open.
 */

import { type Arena, offsetOf } from '../../memory/arena.js'
import type { Dict } from '../../memory/dict.js'
import { entryTime, NO_TIME } from './field-entry.js'
import type { Lifetimes } from './form.js'
import type { TableHead } from './table-head.js'

export class FieldTimes {
  constructor(
    private readonly arena: Arena,
    private readonly head: TableHead,
    private readonly dict: Dict,
    private readonly lifetimes: Lifetimes,
  ) {}

  /** When the field of an entry dies: unix ms, or NO_TIME. */
  of(ref: number): number {
    return entryTime(this.arena.mem(ref), offsetOf(ref))
  }

  isDead(ref: number): boolean {
    const time = this.of(ref)
    return time !== NO_TIME && time <= this.lifetimes.now && this.lifetimes.expiryMode !== 'ignore'
  }

  /** Whether some field has a time. */
  get any(): boolean {
    return this.head.timed > 0
  }

  /** Unix ms before which no field dies. */
  get earliest(): number {
    const { timed, earliest } = this.head
    return timed === 0 ? Infinity : earliest
  }

  /** Fields that are not dead. */
  countLiving(): number {
    const { dict, head } = this
    if (head.timed === 0 || head.earliest > this.lifetimes.now) return dict.count
    let count = 0
    dict.forEach(ref => {
      if (!this.isDead(ref)) count++
    })
    return count
  }

  /** A field has come, has gone, or has another time. NO_TIME: it had none, or has none. */
  changed(before: number, after: number): void {
    if (before !== NO_TIME) this.head.timed--
    if (after === NO_TIME) return
    this.head.timed++
    this.note(after)
  }

  /** Some field dies at `time`. */
  note(time: number): void {
    const { head } = this
    if (time < head.earliest) head.earliest = time
    if (time < head.swept) head.swept = time
  }

  /** Goes on with the sweep through `buckets` buckets. Answers the entries of the dead. */
  sweep(buckets: number): number[] {
    const { head, dict, lifetimes } = this
    const dead: number[] = []
    const look = (ref: number): void => {
      const time = this.of(ref)
      if (time === NO_TIME) return
      if (time <= lifetimes.now) dead.push(ref)
      else if (time < head.swept) head.swept = time
    }
    for (let left = buckets; left > 0 && head.timed > 0; left--) {
      head.cursor = dict.scan(head.cursor, look)
      if (head.cursor !== 0) continue
      head.earliest = head.swept
      head.swept = Infinity
      break
    }
    return dead
  }
}
