/** What readers of streams have in common, and the answer that they fill. */

import type { Context } from '../../engine/context.js'
import type { Span } from '../../lib/bytes.js'
import type { OpenArray } from '../../resp/reply.js'
import { Portion } from './portion.js'
import type { ReadRequest } from './read-request.js'

/** Reads streams, one at a time. */
export interface Reader {
  /** Answers with the entries that one stream has; nothing, and false, when it has none. */
  readStream(index: number, answer: Answer): boolean
  /** Unix ms at which there may be something to read though nothing has come; Infinity: never. */
  dueMs(): number
  /** Keeps what it needs for later: the request is about to be gone. */
  settle(): void
  /** The client waited and a key is ready: as `readStream`, and what has become of the stream or group may end it. */
  resume(index: number, answer: Answer): boolean
}

/** Streams and their entries, as XREAD answers them: pairs, or with RESP3 a map. */
export class Answer {
  streams = 0
  readonly portion: Portion
  private outer: OpenArray | null = null

  constructor(
    private readonly ctx: Context,
    private readonly asked: ReadRequest,
    /** Streams that may be in it. */
    private readonly most: number,
  ) {
    this.portion = new Portion(asked)
  }

  /** The entries of a stream come next. */
  begin(key: Span): OpenArray {
    const { reply } = this.ctx
    const isMap = reply.protocol !== 2
    if (this.streams++ === 0) this.beginStreams(isMap)
    if (!isMap) reply.array(2)
    reply.bulk(key)
    return reply.openArray('*', this.asked.count)
  }

  end(entries: OpenArray, count: number): void {
    this.ctx.reply.closeArray(entries, count)
  }

  close(): void {
    if (this.outer !== null) this.ctx.reply.closeArray(this.outer, this.streams)
  }

  private beginStreams(isMap: boolean): void {
    const { reply } = this.ctx
    if (this.most > 1) this.outer = reply.openArray(isMap ? '%' : '*')
    else if (isMap) reply.map(1)
    else reply.array(1)
  }
}
