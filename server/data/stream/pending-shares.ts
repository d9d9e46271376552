/** What is pending in a group, told apart by who has to answer for it: in one walk, however many consumers there are. */

import { copyBytes, Span } from '../../lib/bytes.js'
import type { Group } from './groups.js'
import { ID_BYTES } from './stream-id.js'

export class PendingShares {
  /** By consumer, or 0 for nobody: where its ids stand among all, one behind the other. */
  private readonly shares = new Map<number, Span>()

  constructor(group: Group) {
    const { pending, consumerCount } = group
    const { mem } = Span.of(new Uint8Array(pending.count * ID_BYTES))
    let start = 0
    for (let i = 0; i < consumerCount; i++) {
      const { ref, owned } = group.consumerAt(i)
      this.shares.set(ref, new Span(mem, start, 0))
      start += owned * ID_BYTES
    }
    this.shares.set(0, new Span(mem, start, 0))
    for (let more = pending.first(); more; more = pending.next()) {
      const share = this.of(group.ownerRef)
      copyBytes(mem, share.start + share.length, pending.mem, pending.at, ID_BYTES)
      share.length += ID_BYTES
    }
  }

  /** The ids in their order, 16 bytes each. */
  of(consumer: number): Span {
    const share = this.shares.get(consumer)
    if (share === undefined) throw new Error('streams: an entry is pending with a consumer that is not there')
    return share
  }
}
