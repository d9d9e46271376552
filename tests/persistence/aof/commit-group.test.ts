import { expect, test } from 'vitest'
import { CommitGroup } from '../../../persistence/aof/commit-group.js'

function after(writers: number): CommitGroup {
  const group = new CommitGroup()
  group.answered(writers, 2, 100)
  return group
}

test('a sync waits for the writers that were answered last', () => {
  expect(after(50).gathers(5, 100.5)).toBe(true)
  expect(after(50).gathers(50, 100.5)).toBe(false)
})

test('a sync waits no longer than half of what the last one took', () => {
  expect(after(50).gathers(5, 100.9)).toBe(true)
  expect(after(50).gathers(5, 101)).toBe(false)
})

test('a few writers are not waited for', () => {
  expect(after(7).gathers(1, 100)).toBe(false)
})

test('a sync that nobody waits for does not wait', () => {
  expect(after(50).gathers(0, 100)).toBe(false)
})
