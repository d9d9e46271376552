import { HOLE } from '../load/batch.js'

/**
 * What the commands of the collection types cost: the table. A row more is a line more in the report and a bar more to
 * meet. Words are those of `redis-benchmark -t ...`, except that whoever pops finds something to pop.
 */
export interface TypeLoad {
  readonly name: string
  readonly words: readonly string[]
  /** CPU per request, at most so many times that of redis-server. */
  readonly limit: number
  /** What is written beforehand into an empty server, each hole counting up. */
  readonly before?: Filling
  /** Of the requests that a full row has: those that answer much need fewer to be measured. */
  readonly share?: number
}

export interface Filling {
  readonly words: readonly string[]
  /** How often; `requests`: once for each request to come. */
  readonly times: number | 'requests'
}

/** redis-benchmark's value when no size is given. */
const VALUE = 'VXK'
const MEMBER = `element:${HOLE}`

const elements: Filling = { words: ['RPUSH', 'mylist', VALUE], times: 'requests' }
const members: Filling = { words: ['SADD', 'myset', MEMBER], times: 'requests' }
const rangeOf = (count: number): Pick<TypeLoad, 'name' | 'words' | 'limit' | 'before'> => ({
  name: `LRANGE_${count}`,
  words: ['LRANGE', 'mylist', '0', `${count - 1}`],
  limit: 1,
  before: { words: ['LPUSH', 'mylist', VALUE], times: 1000 },
})

export const typeLoads: readonly TypeLoad[] = [
  { name: 'LPUSH', words: ['LPUSH', 'mylist', VALUE], limit: 0.8 },
  { name: 'RPUSH', words: ['RPUSH', 'mylist', VALUE], limit: 0.8 },
  { name: 'LPOP', words: ['LPOP', 'mylist'], limit: 0.8, before: elements },
  { name: 'RPOP', words: ['RPOP', 'mylist'], limit: 0.8, before: elements },
  { name: 'SADD', words: ['SADD', 'myset', MEMBER], limit: 0.8 },
  { name: 'SPOP', words: ['SPOP', 'myset'], limit: 0.8, before: members, share: 0.5 },
  { name: 'HSET', words: ['HSET', 'myhash', MEMBER, VALUE], limit: 0.8 },
  { ...rangeOf(100), share: 0.2 },
  { ...rangeOf(300), share: 0.1 },
  { ...rangeOf(500), share: 0.05 },
  { ...rangeOf(600), share: 0.05 },
]
