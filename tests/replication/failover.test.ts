import { describe, expect, test } from 'vitest'
import { nextStep } from '../../replication/failover.js'

describe('while a replica is to catch up', () => {
  test.each([
    [false, 10, false, 'wait'],
    [true, 10, false, 'hand over'],
    [true, 10, true, 'hand over'],
    [false, 0, false, 'give up'],
    [false, 0, true, 'force'],
    [false, Infinity, true, 'wait'],
  ] as const)('caught up %s, %s ms left, by force %s: %s', (caughtUp, leftMs, force, step) => {
    expect(nextStep(caughtUp, leftMs, force)).toBe(step)
  })
})
