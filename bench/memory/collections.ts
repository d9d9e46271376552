import { HOLE } from '../load/batch.js'
import type { Filling } from '../load/inserts.js'

/** Many small collections, and one big one of each type: what is written for so many keys or elements. */
export interface Collection {
  readonly name: string
  readonly fillings: readonly Filling[]
}

const KEY = `key:${HOLE}`
const ELEMENT = `element:${HOLE}`
const VALUE = 'valuable'

const fields = ['name', 'city', 'email', 'age', 'score'].flatMap(field => [field, VALUE])

/** A command for each key or element. */
const each = (...words: readonly string[]): Filling => ({ words, times: count => count })

/** Of the entries of a stream, how many were read by COUNT and not acknowledged. */
const READ_AT_ONCE = 1000
const PENDING_SHARE = 0.1

export const collections: readonly Collection[] = [
  { name: 'HSET, 5 fields each', fillings: [each('HSET', KEY, ...fields)] },
  { name: 'RPUSH, 5 elements each', fillings: [each('RPUSH', KEY, ...Array<string>(5).fill(VALUE))] },
  { name: 'fields of one hash', fillings: [each('HSET', 'hash', ELEMENT, VALUE)] },
  { name: 'members of one set', fillings: [each('SADD', 'set', ELEMENT)] },
  {
    name: 'members of one sorted set',
    fillings: [{ ...each('ZADD', 'zset', HOLE, ELEMENT), scattered: true }],
  },
  {
    name: 'entries of one stream, 100 bytes each, a tenth pending',
    fillings: [
      { words: ['XGROUP', 'CREATE', 'stream', 'group', '0', 'MKSTREAM'], times: () => 1 },
      each('XADD', 'stream', '*', 'field', 'x'.repeat(100)),
      {
        words: ['XREADGROUP', 'GROUP', 'group', 'me', 'COUNT', `${READ_AT_ONCE}`, 'STREAMS', 'stream', '>'],
        times: count => (count * PENDING_SHARE) / READ_AT_ONCE,
      },
    ],
  },
]
