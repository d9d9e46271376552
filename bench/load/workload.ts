import { encodeCommand } from '../server/connection.js'
import { HOLE } from './batch.js'

/** The requests of `redis-benchmark -t ...`, byte for byte, so that both load generators ask the same. */
export type Test = 'ping' | 'set' | 'get' | 'incr' | 'mset'

/** SET comes before GET, which reads what it wrote. */
export const tests: readonly Test[] = ['ping', 'set', 'get', 'incr', 'mset']

export const pipelines = [1, 16, 64] as const

/** One cell of the table: one test at one depth of pipelining. */
export interface Job {
  readonly test: Test
  readonly pipeline: number
  readonly requests: number
  readonly clients: number
  /** How many different keys. */
  readonly keyspace: number
}

/** redis-benchmark's value when no size is given. */
const VALUE = 'VXK'
const MSET_PAIRS = 10

/** One request as RESP, each random key a hole. */
export function requestOf(test: Test): string {
  const key = `key:${HOLE}`
  switch (test) {
    case 'ping':
      return encodeCommand(['PING'])
    case 'set':
      return encodeCommand(['SET', key, VALUE])
    case 'get':
      return encodeCommand(['GET', key])
    case 'incr':
      return encodeCommand(['INCR', `counter:${HOLE}`])
    case 'mset':
      return encodeCommand(['MSET', ...Array.from({ length: MSET_PAIRS }, () => [key, VALUE]).flat()])
  }
}
