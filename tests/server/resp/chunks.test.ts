import { expect, test } from 'vitest'
import { ChunkPool } from '../../../server/resp/chunks.js'

/** Answers so many clients in one turn. Answers how many of the chunks were used before. */
function turn(pool: ChunkPool, clients: number, seen: Set<unknown>): number {
  const chunks = Array.from({ length: clients }, () => pool.take())
  const known = chunks.filter(chunk => seen.has(chunk)).length
  for (const chunk of chunks) {
    seen.add(chunk)
    pool.give(chunk)
  }
  pool.flushed()
  return known
}

test('a thousand clients answered turn after turn need no new memory', () => {
  const pool = new ChunkPool()
  const seen = new Set<unknown>()
  expect(turn(pool, 1000, seen)).toBe(0)
  for (let i = 0; i < 5; i++) expect(turn(pool, 1000, seen)).toBe(1000)
})

test('chunks that are not used any more go, one a turn, down to what is kept for good', () => {
  const pool = new ChunkPool()
  const seen = new Set<unknown>()
  turn(pool, 1000, seen)
  for (let i = 0; i < 2000; i++) turn(pool, 10, seen)
  expect(turn(pool, 1000, seen)).toBe(266)
})
