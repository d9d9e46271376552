import { describe, expect, test } from 'vitest'
import { DiskPace } from '../../../persistence/aof/disk-pace.js'

const UNKNOWN_US = 2000

/** A pace after answers that took so long, one a millisecond, and when the last of them came. */
function after(us: readonly number[], pace = new DiskPace(UNKNOWN_US)): { quick: boolean; pace: DiskPace } {
  us.forEach((took, ms) => pace.took(took, ms))
  return { quick: pace.isQuick(us.length), pace }
}

const often = (times: number, us: number): number[] => Array<number>(times).fill(us)

describe('a disk is waited for', () => {
  test('when it has proved quick', () => {
    expect(after(often(3, 120)).quick).toBe(false)
    expect(after(often(30, 120)).quick).toBe(true)
  })

  test('not when it takes milliseconds on the whole', () => {
    expect(after([...often(30, 120), ...often(30, 3000)]).quick).toBe(false)
  })

  test('though a core was late now and then', () => {
    expect(after([...often(30, 120), 4000, ...often(5, 120)]).quick).toBe(true)
  })

  test('not for two seconds after it took long', () => {
    const { pace, quick } = after([...often(30, 120), 50_000, ...often(60, 120)])
    expect(quick).toBe(false)
    expect(pace.isQuick(1900)).toBe(false)
    expect(pace.isQuick(2100)).toBe(true)
  })
})
