/**
 * "What you have cached of these keys is stale", on its way to one client or many.
 *
 *      RESP3   >2 invalidate, keys
 *      RESP2   *3 message, __redis__:invalidate, keys      a client of this protocol must be subscribed
 */

import { Message } from '../message.js'

/** The channel by which RESP2 clients hear of it. */
const CHANNEL = '__redis__:invalidate'

export class Invalidation {
  private readonly push: Message
  private readonly published: Message

  /** Latin1; null: all keys. */
  constructor(keys: readonly string[] | null) {
    this.push = new Message(['invalidate', keys])
    this.published = new Message(['message', CHANNEL, keys])
  }

  /** The bytes are shared: not to be changed. */
  bytesFor(protocol: number): Buffer {
    return (protocol === 2 ? this.published : this.push).bytesFor(protocol)
  }
}
