import { describe, expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'

/** The hand-written paths meet a key whose time has come: it dies, and both effects stay together. */
const writes: readonly (readonly [due: string, write: string, reply: unknown])[] = [
  ['RPUSH k a b', 'LPUSH k c', 1],
  ['RPUSH k a b', 'RPUSH k c', 1],
  ['SADD k a b', 'SADD k a', 1],
  ['HSET k f 1', 'HSET k f 2', 1],
  ['ZADD k 1 a', 'ZADD k 2 a', 1],
  ['ZADD k 1 a', 'ZINCRBY k 2 a', '2'],
]

const removals: readonly (readonly [due: string, removal: string, reply: unknown])[] = [
  ['RPUSH k a b', 'LPOP k', null],
  ['RPUSH k a b', 'RPOPLPUSH k l', null],
  ['SADD k a b', 'SREM k a', 0],
  ['SADD k a b', 'SPOP k', null],
  ['ZADD k 1 a', 'ZREM k a', 0],
  ['ZADD k 1 a', 'ZPOPMIN k', []],
]

describe('a due key', () => {
  for (const [due, write, reply] of writes) {
    test(`dies before ${write}, in one unit with it`, () => {
      const world = dueKey(due)
      expect(world.ask(write)).toEqual(reply)
      expect(world.history).toEqual(['MULTI', 'DEL k', write, 'EXEC'])
      world.audit()
    })
  }
  for (const [due, removal, reply] of removals) {
    test(`dies before ${removal}, which has nothing left to do`, () => {
      const world = dueKey(due)
      expect(world.ask(removal)).toEqual(reply)
      expect(world.history).toEqual(['DEL k'])
      world.audit()
    })
  }
})

test('SPOP tells which member it was', () => {
  const world = testEngine()
  world.ask('SADD k a')
  world.history.length = 0
  expect(world.ask('SPOP k')).toBe('a')
  expect(world.history).toEqual(['SREM k a'])
})

function dueKey(made: string) {
  const world = testEngine()
  world.ask(made)
  world.ask('PEXPIRE k 10')
  world.advance(11)
  world.history.length = 0
  return world
}
