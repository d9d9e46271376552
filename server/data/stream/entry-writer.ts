/** Ids and entries as replies show them. */

import { Mem, Span } from '../../lib/bytes.js'
import type { ReplyWriter } from '../../resp/reply.js'
import type { EntryCursor } from './entry-cursor.js'
import { ID_TEXT_MAX, type StreamId } from './stream-id.js'

export class EntryWriter {
  private readonly digits = Mem.ofSize(ID_TEXT_MAX)
  private readonly span = new Span(this.digits, 0, 0)

  /** The id as text; good until the next one is printed. */
  text(id: StreamId): Span {
    return this.span.set(this.digits, 0, id.print(this.digits.u8, 0))
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
    while (cursor.nextField()) {
      reply.bulk(cursor.field.span())
      reply.bulk(cursor.value.span())
    }
  }
}
