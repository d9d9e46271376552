/** Ids among the words of a request. */

import { readInteger } from '../../engine/grammar.js'
import { parseId } from '../../data/stream/id-text.js'
import { StreamId } from '../../data/stream/stream-id.js'
import { Span } from '../../lib/bytes.js'
import type { Request } from '../../resp/request.js'
import {
  BAD_NUMIDS,
  INVALID_END_ID,
  INVALID_START_ID,
  INVALID_STREAM_ID,
  NUMIDS_MISMATCH,
} from '../../resp/stream-errors.js'

const MINUS = 45
const PLUS = 43
const PARENTHESIS = 40

/** An id that is no sign; `ms` alone means `ms`-0. */
export function readId(word: Span, into = new StreamId()): StreamId {
  const form = parseId(word, into)
  if (form === 'invalid' || form === 'ms-*') throw INVALID_STREAM_ID
  return into
}

/** The words from `at` up to `end`, all of them ids. */
export function readIds(request: Request, at: number, end: number): StreamId[] {
  const ids: StreamId[] = []
  for (; at < end; at++) ids.push(readId(request.word(at)))
  return ids
}

/** IDS numids id [id ...] to the end of the request, or up to the next word that is an option. */
export function readCountedIds(request: Request, at: number): { ids: StreamId[]; end: number } {
  const count = readInteger(wordOr(request, at, BAD_NUMIDS), BAD_NUMIDS)
  if (count < 1) throw BAD_NUMIDS
  const end = at + 1 + count
  if (end > request.count) throw NUMIDS_MISMATCH
  return { ids: readIds(request, at + 1, end), end }
}

function wordOr(request: Request, at: number, error: Error): Span {
  const { count } = request
  if (at >= count) throw error
  return request.word(at)
}

/** Where a range begins: an id, `-`, `+`, or `(` and an id. */
export function readStart(word: Span): StreamId {
  const { id, exclusive } = readBound(word, false)
  if (exclusive && !id.increment()) throw INVALID_START_ID
  return id
}

/** Where a range ends; `ms` alone means its last id. */
export function readEnd(word: Span): StreamId {
  const { id, exclusive } = readBound(word, true)
  if (exclusive && !id.decrement()) throw INVALID_END_ID
  return id
}

function readBound(word: Span, isEnd: boolean): { id: StreamId; exclusive: boolean } {
  if (word.length === 1 && word.at(0) === MINUS) return { id: StreamId.least(), exclusive: false }
  if (word.length === 1 && word.at(0) === PLUS) return { id: StreamId.greatest(), exclusive: false }
  const exclusive = word.length > 1 && word.at(0) === PARENTHESIS
  const id = new StreamId()
  const form = parseId(exclusive ? new Span(word.mem, word.start + 1, word.length - 1) : word, id)
  if (form === 'invalid' || form === 'ms-*') throw INVALID_STREAM_ID
  if (isEnd && form === 'ms') id.setWords(id.msHigh, id.msLow, -1, -1)
  return { id, exclusive }
}
