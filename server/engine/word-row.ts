import type { Span } from '../lib/bytes.js'
import type { Request } from '../resp/request.js'

/**
 * Words of a request, in a row to its end. They are asked for one at a time: a million of them are never a million
 * objects at once. Good until the command ends.
 */
export class WordRow implements Iterable<Span> {
  constructor(
    private readonly request: Request,
    private readonly from: number,
  ) {}

  get length(): number {
    return this.request.count - this.from
  }

  at(index: number): Span {
    return this.request.word(this.from + index)
  }

  [Symbol.iterator](): Iterator<Span, undefined> {
    return new RowWalk(this)
  }
}

class RowWalk implements Iterator<Span, undefined> {
  private index = 0

  constructor(private readonly row: WordRow) {}

  next(): IteratorResult<Span, undefined> {
    const { row } = this
    return this.index < row.length
      ? { done: false, value: row.at(this.index++) }
      : { done: true, value: undefined }
  }
}
