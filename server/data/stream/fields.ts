/** The fields and values of an entry to be, as they stand in a request: read in place. */

import type { Span } from '../../lib/bytes.js'
import type { FieldSource } from './node-writer.js'

export class RequestFields implements FieldSource {
  fields = 0
  bytes = 0
  private words: readonly Span[] = []
  private from = 0

  /** The words from `from` up to `end`. */
  set(words: readonly Span[], from: number, end: number): this {
    this.words = words
    this.from = from
    this.fields = (end - from) >>> 1
    this.bytes = 0
    for (let i = from; i < end; i++) this.bytes += words[i].length
    return this
  }

  word(index: number): Span {
    return this.words[this.from + index]
  }
}
