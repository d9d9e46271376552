/** The fields and values of an entry to be, as they stand in a request: read in place. */

import type { Span } from '../../lib/bytes.js'
import { Request } from '../../resp/request.js'
import type { FieldSource } from './node-writer.js'

export class RequestFields implements FieldSource {
  fields = 0
  bytes = 0
  private request = new Request()
  private from = 0

  /** The words from `from` on. */
  set(request: Request, from: number): this {
    const { count } = request
    this.request = request
    this.from = from
    this.fields = (count - from) >>> 1
    this.bytes = 0
    for (let i = from; i < count; i++) this.bytes += request.lengthOf(i)
    return this
  }

  word(index: number): Span {
    return this.request.word(this.from + index)
  }
}
