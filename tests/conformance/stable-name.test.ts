import { expect, it } from 'vitest'
import { countable, stableName } from './stable-name.js'
import type { TestId } from './test-id.js'

it('takes ports and random layouts out of a name', () => {
  expect(stableName('New master 127.0.0.1:21452 role matches')).toBe('New master 127.0.0.1:PORT role matches')
  expect(stableName('PSYNC2: Set #3 to replicate from #1')).toBe('PSYNC2: Set #N to replicate from #N')
  expect(stableName('PSYNC2: [NEW LAYOUT] Set #0 as master')).toBe('PSYNC2: [NEW LAYOUT] Set #N as master')
  expect(stableName('PSYNC2: --- CYCLE 3 ---')).toBe('PSYNC2: --- CYCLE N ---')
  expect(stableName('consistent after load (x = 48180)')).toBe('consistent after load (x = N)')
})

it('leaves the number of an issue alone', () => {
  expect(stableName('SPOP: regression test for issue #1345')).toBe('SPOP: regression test for issue #1345')
})

it('counts the tests of a loop that ends by the clock once', () => {
  const twice = (unit: string): TestId[] => [
    { unit, name: 'a' },
    { unit, name: 'a' },
  ]
  expect(countable(twice('integration/psync2-reg'))).toHaveLength(1)
  expect(countable(twice('unit/type/list'))).toHaveLength(2)
})
