import { HOLE } from '../load/batch.js'

/** Many small collections, and one big one of each type: a command for each key or element, its hole counting up. */
export interface Collection {
  readonly name: string
  readonly words: readonly string[]
}

const KEY = `key:${HOLE}`
const ELEMENT = `element:${HOLE}`
const VALUE = 'valuable'

const fields = ['name', 'city', 'email', 'age', 'score'].flatMap(field => [field, VALUE])

export const collections: readonly Collection[] = [
  { name: 'HSET, 5 fields each', words: ['HSET', KEY, ...fields] },
  { name: 'RPUSH, 5 elements each', words: ['RPUSH', KEY, ...Array<string>(5).fill(VALUE)] },
  { name: 'fields of one hash', words: ['HSET', 'hash', ELEMENT, VALUE] },
  { name: 'members of one set', words: ['SADD', 'set', ELEMENT] },
]
