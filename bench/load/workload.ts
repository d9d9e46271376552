import { HOLE } from './batch.js'

/** The requests of `redis-benchmark -t ...`, byte for byte. */
export type Test = 'ping' | 'set' | 'get' | 'incr' | 'mset'

/** SET comes before GET, which reads what it wrote. */
export const tests: readonly Test[] = ['ping', 'set', 'get', 'incr', 'mset']

export const pipelines = [1, 16, 64] as const

/** One cell of a table: one command at one depth of pipelining. */
export interface Job {
  /** The command; each hole gets a random number. */
  readonly words: readonly string[]
  /** Commands that take turns with it, which redis-benchmark cannot send. */
  readonly others?: readonly (readonly string[])[]
  readonly pipeline: number
  readonly requests: number
  readonly clients: number
  /** How many different keys; 'counted': each hole gets the next number, from 0 on. */
  readonly keyspace: number | 'counted'
}

/** redis-benchmark's value when no size is given. */
const VALUE = 'VXK'
const MSET_PAIRS = 10

/** The command of a test, each random key a hole. */
export function requestWords(test: Test): string[] {
  const key = `key:${HOLE}`
  switch (test) {
    case 'ping':
      return ['PING']
    case 'set':
      return ['SET', key, VALUE]
    case 'get':
      return ['GET', key]
    case 'incr':
      return ['INCR', `counter:${HOLE}`]
    case 'mset':
      return ['MSET', ...Array.from({ length: MSET_PAIRS }, () => [key, VALUE]).flat()]
  }
}
