/** What XREAD and XREADGROUP are asked, in Redis' order of complaints. */

import { type ArgumentDoc, readInteger } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { NOT_INTEGER, SYNTAX, TIMEOUT_NEGATIVE, TIMEOUT_NOT_INTEGER } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import {
  BAD_CLAIM_IDLE,
  BAD_MAXCOUNT,
  BAD_MAXSIZE,
  CLAIM_IN_XREAD,
  GROUP_IN_XREAD,
  GROUP_MISSING,
  MAXCOUNT_BELOW_COUNT,
  NOACK_IN_XREAD,
  UNBALANCED_STREAMS,
} from '../../resp/stream-errors.js'
import { block, many, mark, maybe, number, word } from './spelled.js'

const count = maybe({ ...number('count'), token: 'COUNT' })
const caps = [
  maybe({ ...number('maxcount'), token: 'MAXCOUNT' }),
  maybe({ ...number('maxsize'), token: 'MAXSIZE' }),
]
const wait = maybe({ ...number('milliseconds'), token: 'BLOCK' })
const streams: ArgumentDoc = {
  ...block('streams', many({ name: 'key', type: 'key', keySpec: 0 }), many(word('id'))),
  token: 'STREAMS',
}
export const READ_DOCS = [count, ...caps, wait, streams]
export const READ_GROUP_DOCS = [
  { ...block('group-block', word('group'), word('consumer')), token: 'GROUP' },
  count,
  ...caps,
  wait,
  maybe({ ...number('min-idle-time'), token: 'CLAIM' }),
  maybe(mark('NOACK')),
  streams,
]

export class ReadRequest {
  group: Span | null = null
  consumer: Span | null = null
  noAck = false
  /** Entries of each stream at most; Infinity: all. */
  count = Infinity
  /** Entries, and bytes, of all streams at most. */
  maxCount = Infinity
  maxSize = Infinity
  /** Null: do not wait; 0: for ever. */
  timeoutMs: number | null = null
  /** Least idle time of pending entries to take over; null: take none. */
  claimIdleMs: number | null = null
  keys: Span[] = []
  /** For each key its id as it is written. */
  ids: Span[] = []

  /** A copy that outlives the request. */
  settled(): ReadRequest {
    const copy = new ReadRequest()
    Object.assign(copy, this)
    copy.group = this.group?.clone() ?? null
    copy.consumer = this.consumer?.clone() ?? null
    copy.keys = this.keys.map(key => key.clone())
    copy.ids = []
    return copy
  }
}

export function parseRead(request: Request, at: number, isGroup: boolean): ReadRequest {
  const read = new ReadRequest()
  const { count } = request
  while (at < count) {
    if (request.word(at).is('streams') && at + 1 < count) {
      readStreams(request, at + 1, read)
      at = count
    } else {
      at = readOption(request, at, read, isGroup)
    }
  }
  if (read.keys.length === 0) throw SYNTAX
  if (isGroup && read.group === null) throw GROUP_MISSING
  if (read.maxCount < read.count && read.count !== Infinity) throw MAXCOUNT_BELOW_COUNT
  return read
}

/** Answers the place behind the option. */
function readOption(request: Request, at: number, read: ReadRequest, isGroup: boolean): number {
  const { count } = request
  const option = request.word(at)
  const more = count - at - 1
  if (option.is('block') && more > 0) {
    read.timeoutMs = readTimeoutMs(request.word(at + 1))
    return at + 2
  }
  if (option.is('count') && more > 0) {
    const most = readInteger(request.word(at + 1))
    read.count = most > 0 ? most : Infinity
    return at + 2
  }
  if (option.is('group') && more >= 2) {
    if (!isGroup) throw GROUP_IN_XREAD
    read.group = request.word(at + 1)
    read.consumer = request.word(at + 2)
    return at + 3
  }
  if (option.is('noack')) {
    if (!isGroup) throw NOACK_IN_XREAD
    read.noAck = true
    return at + 1
  }
  return readNewerOption(request, at, read, isGroup)
}

function readNewerOption(request: Request, at: number, read: ReadRequest, isGroup: boolean): number {
  const { count } = request
  const option = request.word(at)
  if (at + 1 >= count) throw SYNTAX
  if (option.is('maxcount')) read.maxCount = readPositive(request.word(at + 1), BAD_MAXCOUNT)
  else if (option.is('maxsize')) read.maxSize = readPositive(request.word(at + 1), BAD_MAXSIZE)
  else if (!option.is('claim')) throw SYNTAX
  else if (!isGroup) throw CLAIM_IN_XREAD
  else read.claimIdleMs = Math.max(0, readInteger(request.word(at + 1), BAD_CLAIM_IDLE))
  return at + 2
}

function readStreams(request: Request, at: number, read: ReadRequest): void {
  const { count } = request
  if ((count - at) % 2 !== 0) throw UNBALANCED_STREAMS
  const middle = at + (count - at) / 2
  read.keys = request.list(at, middle)
  read.ids = request.list(middle, count)
}

function readTimeoutMs(word: Span): number {
  const ms = readInteger(word, TIMEOUT_NOT_INTEGER)
  if (ms < 0) throw TIMEOUT_NEGATIVE
  return ms
}

function readPositive(word: Span, error: typeof NOT_INTEGER): number {
  const value = readInteger(word, error)
  if (value < 1) throw error
  return value
}
