import { describe, expect, test } from 'vitest'
import { notifies, play, propagates } from '../../support/session.js'
import { testEngine } from '../../support/engine.js'
import { sets } from '../../sessions/sets.js'

for (const each of sets) play(each)

describe('what is told of sets', () => {
  propagates('SADD s a b', 'SADD s a b')
  propagates(['SADD s a', 'SADD s a'])
  propagates(['SADD s a', 'SPOP s'], 'SREM s a')
  propagates(['SADD s a', 'SPOP s 1'], 'DEL s')
  propagates(['SADD s 1 2', 'SMOVE s t 1'], 'SMOVE s t 1')
  propagates(['SADD s 1 2', 'SUNIONSTORE t s'], 'SUNIONSTORE t s')
  notifies('SADD s a b', 'sadd s')
  notifies(['SADD s a', 'SADD s a'])
  notifies(['SADD s a b', 'SREM s a'], 'srem s')
  notifies(['SADD s a b', 'SREM s a b'], 'srem s', 'del s')
  notifies(['SADD s a', 'SPOP s'], 'spop s', 'del s')
  notifies(['SADD s a', 'SPOP s 3'], 'spop s', 'del s')
  notifies(['SADD s a', 'SMOVE s t a'], 'srem s', 'del s', 'sadd t')
  notifies(['SADD s a', 'SINTERSTORE t s'], 'sinterstore t')
  notifies(['SADD s a', 'SINTERSTORE s s missing'], 'del s')
  notifies('SDIFFSTORE t missing')

  test('SPOP of several is one unit of SREMs', () => {
    const world = testEngine()
    world.ask('SADD s 1 2 3 4 5')
    world.history.length = 0
    world.ask('SPOP s 2')
    expect(world.history.map(line => line.split(' ')[0])).toEqual(['MULTI', 'SREM', 'SREM', 'EXEC'])
  })

  test('SPOP of most members tells the same, and takes out those it answers', () => {
    const world = testEngine()
    const members = Array.from({ length: 600 }, (_, index) => `m${index}`)
    world.ask(['SADD', 's', ...members])
    world.history.length = 0
    const popped = world.ask('SPOP s 550') as string[]
    const left = world.ask('SMEMBERS s') as string[]
    expect([...popped, ...left].sort()).toEqual(members.sort())
    expect(world.history.slice(1, -1)).toEqual(popped.map(member => `SREM s ${member}`))
  })
})

describe('SRANDMEMBER is fair', () => {
  for (const [form, count] of [
    ['listpack', 50],
    ['table', 300],
    ['growing table', 1150],
  ] as const) {
    test(`for a ${form}`, () => {
      const world = testEngine()
      world.ask(['SADD', 's', ...Array.from({ length: count }, (_, index) => `m${index}`)])
      const draws = count * 100
      const seen = new Map<string, number>()
      for (const member of world.ask(['SRANDMEMBER', 's', `${-draws}`]) as string[]) {
        seen.set(member, (seen.get(member) ?? 0) + 1)
      }
      let chiSquare = 0
      for (let i = 0; i < count; i++) chiSquare += ((seen.get(`m${i}`) ?? 0) - 100) ** 2 / 100
      // Six standard deviations above the mean of the distribution.
      expect(chiSquare).toBeLessThan(count + 6 * Math.sqrt(2 * count))
    })
  }
})
