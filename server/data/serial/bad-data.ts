/**
 * Bytes that are no value of ours. The client hears one sentence, whatever is wrong; the log hears the reason, mostly
 * in Redis' words.
 *
 * A value that is empty differs: its bytes are whole, and whoever reads a file may go on behind it, as old servers
 * have left such keys in files.
 */

import { CommandError } from '../../resp/errors.js'

export class BadData extends CommandError {
  constructor(readonly reason: string) {
    super('ERR Bad data format')
  }
}

const bad = (reason: string): BadData => new BadData(reason)

/** A collection without elements, read to its last byte. */
export const EMPTY_VALUE = bad('empty value')

export const CUT_SHORT = bad('the bytes end within the value')
export const UNKNOWN_LENGTH = bad('unknown encoding of a length')
export const LENGTH_TOO_LARGE = bad('a length larger than anything we hold')
export const UNKNOWN_STRING = bad('unknown encoding of a string')
export const LZF_DAMAGED = bad('invalid LZF compressed string')
export const STRING_TOO_LARGE = bad('a string that promises more than its bytes can hold')

export const ZIPLIST_DAMAGED = bad('Ziplist integrity check failed')
export const LISTPACK_DAMAGED = bad('Listpack integrity check failed')
export const INTSET_DAMAGED = bad('Intset integrity check failed')
export const LIST_CONTAINER_UNKNOWN = bad('Quicklist integrity check failed: unknown container of a node')
export const LIST_NODE_EMPTY = bad('Quicklist integrity check failed: a node of no bytes')
export const HASH_ZIPMAP_DAMAGED = bad('Zipmap integrity check failed')
export const HASH_ZIPLIST_DAMAGED = bad('Hash ziplist integrity check failed')
export const HASH_LISTPACK_DAMAGED = bad('Hash listpack integrity check failed')
export const HASH_FIELD_TWICE = bad('Hash integrity check failed: a field is there twice')
export const HASH_TIME_INVALID = bad('Hash integrity check failed: a time to live that cannot be')
export const SET_LISTPACK_DAMAGED = bad('Set listpack integrity check failed')
export const SET_MEMBER_TWICE = bad('Set integrity check failed: a member is there twice')
export const ZSET_ZIPLIST_DAMAGED = bad('Zset ziplist integrity check failed')
export const ZSET_LISTPACK_DAMAGED = bad('Zset listpack integrity check failed')
export const ZSET_SCORE_INVALID = bad('Zset integrity check failed: a score that is no number')
export const ZSET_MEMBER_TWICE = bad('Zset integrity check failed: a member is there twice')
export const STREAM_NODE_ID_INVALID = bad('Stream node key entry is not the size of a stream ID')
export const STREAM_LISTPACK_DAMAGED = bad('Stream listpack integrity check failed')
export const STREAM_LENGTH_WRONG = bad('Stream length differs from the entries that are there')
export const STREAM_GROUP_TWICE = bad('Duplicate consumer group name')
export const STREAM_PENDING_TWICE = bad('Duplicated global PEL entry')
export const STREAM_CONSUMER_TWICE = bad('Duplicate stream consumer detected')
export const STREAM_PENDING_UNKNOWN = bad('Consumer entry not found in group global PEL')
export const STREAM_PENDING_SHARED = bad('Stream consumer PEL entry already has a consumer assigned')
export const STREAM_PENDING_ORPHANED = bad('Stream PEL entry without a consumer')
export const STREAM_TIME_INVALID = bad('Stream integrity check failed: a time that cannot be')
export const STREAM_PRODUCER_INVALID = bad('Stream producer integrity check failed')

export function unknownType(rdbType: number): BadData {
  return bad(`unknown RDB encoding type ${rdbType}`)
}
