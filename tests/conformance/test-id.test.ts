import { expect, it } from 'vitest'
import { missing, union, type TestId } from './test-id.js'

const tests = (...names: string[]): TestId[] => names.map(name => ({ unit: 'unit/x', name }))

it('misses a test as often as it is lacking', () => {
  expect(missing(tests('a', 'a', 'a', 'b'), tests('a', 'b', 'c'))).toEqual(tests('a', 'a'))
})

it('tells tests of the same name in two units apart', () => {
  expect(missing([{ unit: 'unit/y', name: 'a' }], tests('a'))).toEqual([{ unit: 'unit/y', name: 'a' }])
})

it('unites two lists without doubling what both have', () => {
  expect(union(tests('a', 'b'), tests('b', 'c', 'c'))).toEqual(tests('a', 'b', 'c', 'c'))
})
