import { expect, test } from 'vitest'
import { Type } from '../../../server/data/entry.js'
import { Keyspace } from '../../../server/keyspace/keyspace.js'
import { Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { VerifiedArena } from '../../../server/memory/verified-arena.js'

const MEMBERS = 10_000

test('a big sorted set is popped in order from both ends, while others come between', () => {
  const random = seededRandom(7)
  const arena = new VerifiedArena()
  const { databases, sortedSets } = new Keyspace(arena, random, { k0: 1, k1: 2 }, 1)
  const [big, other] = ['big', 'other'].map(key => databases[0].add(Span.of(key), Type.zset, 0))
  const scores = Array.from({ length: MEMBERS }, (_, i) => (i * 7919) % MEMBERS)
  const put = (ref: number, score: number): void => {
    sortedSets.seek(ref, Span.of(`member:${score}`))
    sortedSets.put(score)
  }
  const pop = (ref: number, last: boolean): void => {
    const score = sortedSets.seekEnd(ref, last)
    expect(score).toBe(last ? scores.pop() : scores.shift())
    expect(sortedSets.endMember().latin1()).toBe(`member:${score}`)
    sortedSets.removeEnd()
  }
  for (const score of scores) put(big, score)
  scores.sort((a, b) => a - b)
  put(other, 1)
  while (scores.length > 0) {
    const last = random.below(2) === 0
    for (let row = random.below(30); row >= 0 && scores.length > 0; row--) pop(big, last)
    if (random.below(4) === 0) expect(sortedSets.seekEnd(other, last)).toBe(1)
    if (random.below(9) === 0 && scores.length > 0) {
      put(big, -scores.length)
      scores.unshift(-scores.length)
      pop(big, false)
    }
  }
  expect(sortedSets.size(big)).toBe(0)
})

test('a member in the block of one that was read ahead is popped under its own hash', () => {
  const { databases, sortedSets } = new Keyspace(new VerifiedArena(), seededRandom(7), { k0: 1, k1: 2 }, 1)
  const ref = databases[0].add(Span.of('big'), Type.zset, 0)
  for (let i = 0; i < MEMBERS; i++) {
    sortedSets.seek(ref, Span.of(`member:${i}`))
    sortedSets.put(i)
  }
  const popped = (): string => {
    sortedSets.seekEnd(ref, false)
    const member = sortedSets.endMember().latin1()
    sortedSets.removeEnd()
    return member
  }
  expect([popped(), popped(), popped()]).toEqual(['member:0', 'member:1', 'member:2'])
  sortedSets.seek(ref, Span.of('member:3'))
  sortedSets.remove()
  sortedSets.seek(ref, Span.of('newcomer'))
  sortedSets.put(3)
  expect([popped(), popped(), popped()]).toEqual(['newcomer', 'member:4', 'member:5'])
  expect(sortedSets.seek(ref, Span.of('newcomer'))).toBeNaN()
})
