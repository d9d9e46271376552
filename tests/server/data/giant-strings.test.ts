import { expect, test } from 'vitest'
import { type TestEngine, testEngine } from '../../support/engine.js'

/** Strings with a segment of the arena to themselves. */

const GIANT = 5 << 20

function valueOf(world: TestEngine, key: string): Buffer {
  return Buffer.from(world.ask(['GET', key]) as string, 'latin1')
}

test('what a giant string grows by is zeros, the first time and when it had room', () => {
  const world = testEngine()
  world.ask(['SETRANGE', 'a', `${GIANT - 1}`, 'x'])
  world.ask(['SETRANGE', 'a', `${GIANT + 100}`, 'y'])
  world.ask(['SETRANGE', 'a', `${GIANT + 200}`, 'z'])
  const expected = Buffer.alloc(GIANT + 201)
  expected.write('x', GIANT - 1)
  expected.write('y', GIANT + 100)
  expected.write('z', GIANT + 200)
  expect(valueOf(world, 'a').equals(expected)).toBe(true)
  world.audit()
})

test('APPEND to a giant string makes room for an eighth more: the next ones copy nothing', () => {
  const world = testEngine()
  world.ask(['SETRANGE', 'a', `${16 << 20}`, 'x'])
  world.ask(['APPEND', 'a', 'y'])
  const bytes = world.arena.used
  for (let i = 0; i < 15; i++) world.ask(['APPEND', 'a', 'y'.repeat(100_000)])
  expect(world.arena.used).toBe(bytes)
  world.audit()
})

test('the result of BITOP on giants is the value itself, also where it is one of the sources', () => {
  const world = testEngine()
  world.ask(['SETRANGE', 'a', `${GIANT}`, 'a'])
  world.ask(['SETRANGE', 'b', `${GIANT + 10}`, 'b'])
  expect(world.ask(['BITOP', 'OR', 'a', 'a', 'b'])).toBe(GIANT + 11)
  const expected = Buffer.alloc(GIANT + 11)
  expected.write('a', GIANT)
  expected.write('b', GIANT + 10)
  expect(valueOf(world, 'a').equals(expected)).toBe(true)
  world.audit()
  world.ask(['APPEND', 'a', 'more'])
  expect(
    valueOf(world, 'a')
      .subarray(GIANT + 11)
      .toString(),
  ).toBe('more')
  world.ask(['DEL', 'a', 'b'])
  world.audit()
})
