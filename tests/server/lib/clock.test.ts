import { afterEach, describe, expect, test, vi } from 'vitest'
import { systemClock, VirtualClock } from '../../../server/lib/clock.js'
import { seededRandom } from '../../../server/lib/random.js'

describe('the virtual clock', () => {
  test('starts where it is told to', () => {
    expect(new VirtualClock(1_000_000).wallMs()).toBe(1_000_000)
    expect(new VirtualClock(1_000_000).wallUs()).toBe(1_000_000_000)
    expect(new VirtualClock(1_000_000).monotonicUs()).toBe(0)
  })

  test('a callback sees the moment at which it was due', () => {
    const clock = new VirtualClock(0)
    const seen: number[] = []
    clock.after(10, () => seen.push(clock.wallMs()))
    clock.every(4, () => seen.push(clock.wallMs()))
    clock.advance(12)
    expect(seen).toEqual([4, 8, 10, 12])
    expect(clock.wallMs()).toBe(12)
  })

  test('of two timers that are due together the earlier asked goes first', () => {
    const clock = new VirtualClock()
    const seen: string[] = []
    clock.every(2, () => seen.push('a'))
    clock.after(4, () => seen.push('b'))
    clock.every(4, () => seen.push('c'))
    clock.advance(4)
    expect(seen).toEqual(['a', 'b', 'c', 'a'])
  })

  test('what is asked for soon runs before time moves on', () => {
    const clock = new VirtualClock(0)
    const seen: number[] = []
    clock.after(1, () => clock.soon(() => clock.soon(() => seen.push(clock.wallMs()))))
    clock.after(2, () => seen.push(clock.wallMs()))
    clock.advance(2)
    expect(seen).toEqual([1, 2])
  })

  test('a timer set by a timer runs within the same advance when it falls due there', () => {
    const clock = new VirtualClock(0)
    const seen: number[] = []
    clock.after(1, () => clock.after(1, () => seen.push(clock.wallMs())))
    clock.advance(5)
    expect(seen).toEqual([2])
  })

  test('fractions of a millisecond pass too', () => {
    const clock = new VirtualClock(0)
    for (let i = 0; i < 4; i++) clock.advance(0.25)
    expect([clock.wallMs(), clock.monotonicUs()]).toEqual([1, 1000])
  })

  test('what stalls on the way makes the rest late, and no time goes back', () => {
    const clock = new VirtualClock(0)
    const seen: number[] = []
    const notice = (): void => void seen.push(clock.wallMs())
    clock.after(1, () => clock.stall(10_000))
    clock.after(2, notice)
    clock.after(3, () => clock.soon(notice))
    clock.advance(5)
    notice()
    expect(seen).toEqual([11, 11, 11])
    clock.advance(5)
    expect(clock.wallMs()).toBe(16)
  })

  test('a loop that is stalled is at work', () => {
    const clock = new VirtualClock(0)
    clock.advance(5)
    clock.stall(300)
    clock.advance(5)
    expect(clock.busyUs()).toBe(300)
  })

  test('the wall clock jumps and no timer notices', () => {
    const clock = new VirtualClock(1_000_000)
    let ran = false
    clock.after(100, () => (ran = true))
    clock.jumpWall(-500_000)
    expect([clock.wallMs(), clock.monotonicUs(), ran]).toEqual([500_000, 0, false])
    clock.jumpWall(3_600_000)
    clock.advance(99)
    expect(ran).toBe(false)
    clock.advance(1)
    expect(ran).toBe(true)
  })

  test('steps from timer to timer until nothing is left', () => {
    const clock = new VirtualClock(0)
    const seen: number[] = []
    for (const ms of [30, 10, 20]) clock.after(ms, () => seen.push(clock.wallMs()))
    clock.after(15, () => seen.push(-1)).cancel()
    while (clock.step());
    expect(seen).toEqual([10, 20, 30])
  })

  test('thousands of timers, many of them cancelled, run in order', () => {
    const clock = new VirtualClock(0)
    const random = seededRandom(7)
    const expected: { due: number; id: number }[] = []
    const seen: number[] = []
    for (let id = 0; id < 5000; id++) {
      const due = 1 + random.below(300)
      const timer = clock.after(due, () => seen.push(id))
      if (random.below(3) > 0) timer.cancel()
      else expected.push({ due, id })
    }
    clock.advance(300)
    expect(seen).toEqual(expected.sort((a, b) => a.due - b.due || a.id - b.id).map(one => one.id))
  })
})

describe('the system clock', () => {
  afterEach(() => vi.restoreAllMocks())

  test('microseconds follow the wall clock through its jumps and stay within its millisecond', () => {
    const clock = systemClock()
    let [wallMs, monotonicMs] = [1_700_000_000_000, performance.now()]
    vi.spyOn(Date, 'now').mockImplementation(() => wallMs)
    vi.spyOn(performance, 'now').mockImplementation(() => monotonicMs)
    for (const jumpMs of [0, 1, 5_000, -3_600_000, 0.4, 86_400_000]) {
      wallMs = Math.floor(wallMs + jumpMs)
      monotonicMs += 0.4
      expect(Math.floor(clock.wallUs() / 1000)).toBe(wallMs)
    }
  })

  test('microseconds move while the millisecond stands', () => {
    let monotonicMs = 50
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000)
    vi.spyOn(performance, 'now').mockImplementation(() => monotonicMs)
    const clock = systemClock()
    const before = clock.wallUs()
    monotonicMs += 0.25
    expect(clock.wallUs() - before).toBe(250)
    monotonicMs += 10
    expect(clock.wallUs() - before).toBe(999)
  })
})
