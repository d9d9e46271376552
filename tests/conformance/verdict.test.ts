import { describe, expect, it } from 'vitest'
import type { Tables } from './tables.js'
import type { TestResult } from './test-id.js'
import type { UnitResult } from './unit-run.js'
import { describeUnit, judge, judgeUnit, passedIn, passedInEither } from './verdict.js'

const unit = 'unit/x'
const ok = (name: string): TestResult => ({ name, status: 'ok', reason: '' })
const err = (name: string, reason: string): TestResult => ({ name, status: 'err', reason })

const result = (tests: TestResult[], more: Partial<UnitResult> = {}): UnitResult => ({
  ...{ unit, tests, skipped: 0, outside: [], finished: true, hung: [], seconds: 1 },
  ...more,
})

const tables = (more: Partial<Tables> = {}): Tables => ({
  baseline: [{ unit, ok: 3, seconds: 1 }],
  baselineTests: ['a', 'b', 'c'].map(name => ({ unit, name, status: 'ok' })),
  ratchet: [],
  exceptions: [],
  ...more,
})

const judged = (results: UnitResult[], facts: Tables) => judge(results, passedIn(results), facts)

describe('the verdict', () => {
  it('lists every failing test of the baseline, also those that never ran', () => {
    const results = [result([ok('a'), err('b', 'wrong')], { outside: ['the block broke'] })]
    expect(judged(results, tables()).failures).toEqual([
      { unit, name: 'b', reason: 'wrong' },
      { unit, name: 'c', reason: 'did not run (the block broke)' },
    ])
  })

  it('sets apart what fails on purpose, and still counts it against the score', () => {
    const facts = tables({ exceptions: [{ unit, name: 'b', reason: 'no child' }] })
    const verdict = judged([result([ok('a'), err('b', 'wrong'), ok('c')])], facts)
    expect(verdict.failures).toEqual([])
    expect(verdict.excepted).toHaveLength(1)
    expect(verdict.score).toEqual({ reached: 2, possible: 3 })
  })

  it('names an exception that passes', () => {
    const facts = tables({ exceptions: [{ unit, name: 'b', reason: 'no child' }] })
    expect(judged([result([ok('a'), ok('b'), ok('c')])], facts).needless).toMatchObject([{ name: 'b' }])
  })

  it('gives a regression the reason of its failure', () => {
    const facts = tables({ ratchet: [{ unit, name: 'b' }] })
    expect(judged([result([err('b', 'wrong')])], facts).regressions).toEqual([
      { unit, name: 'b', reason: 'wrong' },
    ])
  })

  it('counts a test that passed in either of two runs', () => {
    const first = [result([ok('a'), err('b', 'slow')])]
    const passed = passedInEither(first, [result([err('a', 'slow'), ok('b')])])
    expect(passed.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(judge(first, passed, tables({ ratchet: [{ unit, name: 'b' }] })).regressions).toEqual([])
  })
})

it('shows a unit on one line', () => {
  const shown = describeUnit(
    judgeUnit(result([ok('a')], { finished: false, hung: ['b'], seconds: 61 }), tables()),
  )
  expect(shown).toBe(
    'unit/x                                  1    0    0    0    3   33.3%    61  ABORTED; 1 hung, first: b',
  )
})
