import { describe, expect, it } from 'vitest'
import { regressions, updatedRatchet } from './ratchet.js'
import type { TestId } from './test-id.js'

const x = (name: string): TestId => ({ unit: 'unit/x', name })
const y = (name: string): TestId => ({ unit: 'unit/y', name })
const ran = new Set(['unit/x'])

describe('regressions', () => {
  it('are listed tests that failed or disappeared', () => {
    expect(regressions([x('a'), x('b')], ran, [x('b')], [])).toEqual([x('a')])
  })

  it('are not looked for in units that were not run', () => {
    expect(regressions([y('a')], ran, [], [])).toEqual([])
  })

  it('are not tests left failing on purpose', () => {
    expect(regressions([x('a')], ran, [], [x('a')])).toEqual([])
  })

  it('include the loss of one of two tests of the same name', () => {
    expect(regressions([x('a'), x('a')], ran, [x('a')], [])).toEqual([x('a')])
  })
})

describe('the updated ratchet', () => {
  it('takes what passed in the units run and keeps the others, sorted', () => {
    const updated = updatedRatchet([y('old'), x('gone')], ran, [x('b'), x('a')], [])
    expect(updated).toEqual([x('a'), x('b'), y('old')])
  })

  it('does not list an exception that happened to pass', () => {
    expect(updatedRatchet([], ran, [x('a'), x('b')], [x('b')])).toEqual([x('a')])
  })
})
