import { describe, expect, test } from 'vitest'
import {
  type Candidate,
  CandidatePool,
  EvictionChoice,
  type EvictionPolicy,
  POOL_SIZE,
} from '../../../server/keyspace/eviction.js'
import { Span } from '../../../server/lib/bytes.js'
import { testEngine, type TestEngine } from '../../support/engine.js'

const candidate = (ref: number, score: number) => ({ ref, score, hash: 0 }) as Candidate

describe('the pool of candidates', () => {
  test('gives the highest score first', () => {
    const pool = new CandidatePool()
    for (const score of [3, 9, 1, 7]) pool.add(candidate(score, score))
    expect([1, 2, 3, 4, 5].map(() => pool.takeBest()?.score)).toEqual([9, 7, 3, 1, undefined])
  })

  test('keeps the best when it is full, and wants nothing worse', () => {
    const pool = new CandidatePool()
    for (let score = 1; score <= POOL_SIZE + 4; score++) pool.add(candidate(score, score))
    expect(pool.wants(5)).toBe(false)
    expect(pool.wants(6)).toBe(true)
    const scores = Array.from({ length: POOL_SIZE }, () => pool.takeBest()?.score)
    expect(scores).toEqual(Array.from({ length: POOL_SIZE }, (_, i) => POOL_SIZE + 4 - i))
  })
})

/** Names of the keys chosen one after the other; each is deleted. */
function choices(world: TestEngine, policy: EvictionPolicy, count: number): (string | null)[] {
  const { keyspace } = world.engine
  const choice = new EvictionChoice(keyspace)
  return Array.from({ length: count }, () => {
    const victim = choice.choose(policy, 20)
    if (victim === null) return null
    const key = keyspace.copyKey(victim.ref).clone()
    victim.db.delete(key)
    return key.latin1()
  })
}

describe('the choice', () => {
  test('by lru lets the keys unused for longest go first', () => {
    const world = testEngine()
    for (let i = 0; i < 10; i++) {
      world.ask(`SET k${i} v`)
      world.advance(10_000)
    }
    world.ask('GET k0')
    expect(choices(world, 'allkeys-lru', 3)).toEqual(['k1', 'k2', 'k3'])
  })

  test('by lrm does not mind reads', () => {
    const world = testEngine({ config: { 'maxmemory-policy': 'allkeys-lrm' } })
    world.engine.keyspace.access.modifiedOnly = true
    for (let i = 0; i < 5; i++) {
      world.ask(`SET k${i} v`)
      world.advance(10_000)
    }
    world.ask('GET k0')
    world.ask('SET k1 w')
    expect(choices(world, 'allkeys-lrm', 4)).toEqual(['k0', 'k2', 'k3', 'k4'])
  })

  test('by lfu lets the keys used least go first', () => {
    const world = testEngine({ config: { 'maxmemory-policy': 'allkeys-lfu' } })
    const { access } = world.engine.keyspace
    access.lfu = true
    access.lfuLogFactor = 0
    for (const key of ['often', 'seldom', 'never']) world.ask(`SET ${key} v`)
    for (let i = 0; i < 20; i++) world.ask('GET often')
    for (let i = 0; i < 5; i++) world.ask('GET seldom')
    expect(choices(world, 'allkeys-lfu', 4)).toEqual(['never', 'seldom', 'often', null])
  })

  test('by ttl lets those go first that would soon go anyway, and no others', () => {
    const world = testEngine()
    world.ask('SET late v EX 900')
    world.ask('SET soon v EX 100')
    world.ask('SET stays v')
    world.ask('SET middle v EX 500')
    expect(choices(world, 'volatile-ttl', 4)).toEqual(['soon', 'middle', 'late', null])
  })

  test('of a candidate is dropped when the key was used, deleted or renamed away meanwhile', () => {
    const world = testEngine()
    const { keyspace } = world.engine
    for (let i = 0; i < 6; i++) {
      world.ask(`SET k${i} v`)
      world.advance(10_000)
    }
    const choice = new EvictionChoice(keyspace)
    const first = choice.choose('allkeys-lru', 20)
    expect(first === null ? null : keyspace.copyKey(first.ref).latin1()).toBe('k0')
    world.ask('GET k0')
    world.ask('DEL k1')
    world.ask('GET k2')
    const second = choice.choose('allkeys-lru', 20)
    expect(second === null ? null : keyspace.copyKey(second.ref).latin1()).toBe('k3')
  })

  test('by chance takes the databases in turn', () => {
    const world = testEngine()
    const [first, second] = world.engine.keyspace.databases
    for (const db of [first, second]) {
      for (let i = 0; i < 20; i++) db.setString(Span.of(`k${i}`), Span.of('v'), -1)
    }
    const choice = new EvictionChoice(world.engine.keyspace)
    for (let i = 0; i < 20; i++) {
      const victim = choice.choose('allkeys-random', 5)
      if (victim !== null) victim.db.delete(world.engine.keyspace.copyKey(victim.ref))
    }
    expect([first.size, second.size]).toEqual([10, 10])
  })

  test('of noeviction is nobody', () => {
    const world = testEngine()
    world.ask('SET a b')
    expect(choices(world, 'noeviction', 1)).toEqual([null])
  })

  test('finds old keys among many with a small sample', () => {
    const world = testEngine()
    for (let i = 0; i < 2000; i++) {
      world.ask(`SET k${i} v`)
      world.advance(1000)
    }
    const { keyspace } = world.engine
    const choice = new EvictionChoice(keyspace)
    let old = 0
    for (let i = 0; i < 200; i++) {
      const victim = choice.choose('allkeys-lru', 5)
      if (victim === null) break
      const key = keyspace.copyKey(victim.ref).clone()
      if (Number(key.latin1().slice(1)) < 600) old++
      victim.db.delete(key)
    }
    expect(old).toBeGreaterThan(180)
  })
})
