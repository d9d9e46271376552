/** Ids and entries as replies show them. */

import { Mem, Span } from '../../lib/bytes.js'
import type { ReplyWriter } from '../../resp/reply.js'
import type { EntryCursor } from './entry-cursor.js'
import { ID_TEXT_MAX, StreamId } from './stream-id.js'

export class EntryWriter {
  private readonly digits = Mem.ofSize(ID_TEXT_MAX)
  private readonly span = new Span(this.digits, 0, 0)
  /** The id printed last: the next one mostly has its milliseconds, which are most of the digits. */
  private readonly printed = new StreamId()
  private seqAt = this.printed.printMs(this.digits.u8, 0)

  /** The id as text; good until the next one is printed. */
  text(id: StreamId): Span {
    const { digits, printed } = this
    if (!id.hasMsOf(printed)) this.seqAt = printed.set(id).printMs(digits.u8, 0)
    return this.span.set(digits, 0, id.printSeq(digits.u8, this.seqAt))
  }

  id(reply: ReplyWriter, id: StreamId): void {
    reply.bulk(this.text(id))
  }

  /** The entry at which the cursor stands: its id, and its fields and values in turn. */
  entry(reply: ReplyWriter, cursor: EntryCursor): void {
    reply.array(2)
    this.idAndFields(reply, cursor)
  }

  /** As `entry`, for an array that goes on. */
  idAndFields(reply: ReplyWriter, cursor: EntryCursor): void {
    this.id(reply, cursor.id)
    reply.array(cursor.fields * 2)
    cursor.replyFields(reply)
  }
}
