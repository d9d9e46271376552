import { HOLE } from '../load/batch.js'
import type { Filling } from '../load/inserts.js'
import type { Job } from '../load/workload.js'

/**
 * What the commands of the collection types cost: the table. A row more is a line more in the report and a bar more to
 * meet. Words are those of `redis-benchmark -t ...`, except that whoever pops finds something to pop.
 */
export interface TypeLoad extends Pick<Job, 'words' | 'others'> {
  readonly name: string
  /** CPU per request, at most so many times that of redis-server. */
  readonly limit: number
  /** What is written beforehand into an empty server, for so many requests to come. */
  readonly before?: readonly Filling[]
  /** Of the requests that a full row has: those that answer much need fewer to be measured. */
  readonly share?: number
  /** As in a job, where it differs. `counted` takes one client, whose requests come in the order of their numbers. */
  readonly keyspace?: Job['keyspace']
}

/** redis-benchmark's value when no size is given. */
const VALUE = 'VXK'
const MEMBER = `element:${HOLE}`
const MILLION = 1_000_000

/** How often: once for each request to come, or as told. */
const each = (requests: number): number => requests
const exactly = (times: number) => (): number => times

const elements: Filling = { words: ['RPUSH', 'mylist', VALUE], times: each }
const members: Filling = { words: ['SADD', 'myset', MEMBER], times: each }
const scored: Filling = { words: ['ZADD', 'myzset', HOLE, MEMBER], times: each, scattered: true }
const group: Filling = {
  words: ['XGROUP', 'CREATE', 'mystream', 'mygroup', '0', 'MKSTREAM'],
  times: exactly(1),
}
const messages: Filling = { words: ['XADD', 'mystream', `1-${HOLE}`, 'myfield', VALUE], times: each }

const rangeOf = (count: number): Pick<TypeLoad, 'name' | 'words' | 'limit' | 'before'> => ({
  name: `LRANGE_${count}`,
  words: ['LRANGE', 'mylist', '0', `${count - 1}`],
  limit: 1,
  before: [{ words: ['LPUSH', 'mylist', VALUE], times: exactly(1000) }],
})

export const typeLoads: readonly TypeLoad[] = [
  { name: 'LPUSH', words: ['LPUSH', 'mylist', VALUE], limit: 0.8 },
  { name: 'RPUSH', words: ['RPUSH', 'mylist', VALUE], limit: 0.8 },
  { name: 'LPOP', words: ['LPOP', 'mylist'], limit: 0.8, before: [elements] },
  { name: 'RPOP', words: ['RPOP', 'mylist'], limit: 0.8, before: [elements] },
  { name: 'SADD', words: ['SADD', 'myset', MEMBER], limit: 0.8 },
  { name: 'SPOP', words: ['SPOP', 'myset'], limit: 0.8, before: [members], share: 0.5 },
  { name: 'HSET', words: ['HSET', 'myhash', MEMBER, VALUE], limit: 0.8 },
  { name: 'ZADD', words: ['ZADD', 'myzset', HOLE, MEMBER], limit: 0.8 },
  { name: 'ZPOPMIN', words: ['ZPOPMIN', 'myzset'], limit: 0.8, before: [scored], share: 0.5 },
  { ...rangeOf(100), share: 0.2 },
  { ...rangeOf(300), share: 0.1 },
  { ...rangeOf(500), share: 0.05 },
  { ...rangeOf(600), share: 0.05 },
  {
    name: 'ZRANGE_100',
    words: ['ZRANGE', 'myzset', '0', '99'],
    limit: 1,
    before: [{ ...scored, times: exactly(1000) }],
    share: 0.1,
  },
  {
    name: 'ZADD, ZRANK, ZRANGEBYSCORE in 1 M members',
    words: ['ZADD', 'myzset', HOLE, MEMBER],
    others: [
      ['ZRANK', 'myzset', MEMBER],
      ['ZRANGEBYSCORE', 'myzset', HOLE, '+inf', 'LIMIT', '0', '10'],
    ],
    limit: 0.8,
    before: [{ ...scored, times: exactly(MILLION) }],
    share: 0.2,
    keyspace: MILLION,
  },
  { name: 'XADD', words: ['XADD', 'mystream', '*', 'myfield', VALUE], limit: 0.8 },
  {
    name: 'XREADGROUP, XACK',
    words: ['XREADGROUP', 'GROUP', 'mygroup', 'me', 'COUNT', '1', 'STREAMS', 'mystream', '>'],
    others: [['XACK', 'mystream', 'mygroup', `1-${HOLE}`]],
    limit: 1,
    before: [group, messages],
    share: 0.5,
    keyspace: 'counted',
  },
]
