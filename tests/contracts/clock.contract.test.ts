import { describe, expect, test } from 'vitest'
import { systemClock, VirtualClock, type Clock } from '../../server/lib/clock.js'

/** A clock and a way to let its time pass until `done` says so. */
interface Subject {
  clock: Clock
  until: (done: () => boolean) => Promise<void>
}

const implementations: [name: string, make: () => Subject][] = [
  ['the system clock', system],
  ['the virtual clock', virtual],
]

function system(): Subject {
  const clock = systemClock()
  const until = (done: () => boolean): Promise<void> =>
    new Promise(resolve => {
      const timer = clock.every(1, () => done() && (timer.cancel(), resolve()), { ref: true })
    })
  return { clock, until }
}

function virtual(): Subject {
  const clock = new VirtualClock()
  return {
    clock,
    async until(done) {
      for (let ms = 0; !done() && ms < 10_000; ms++) clock.advance(1)
    },
  }
}

/** Long enough for a timer of a millisecond that should not run to run. */
async function timePasses(clock: Clock, until: Subject['until']): Promise<void> {
  let passed = false
  clock.after(8, () => (passed = true))
  await until(() => passed)
}

describe.each(implementations)('%s', (_name, make) => {
  test('tells integer wall times that agree with each other', () => {
    const { clock } = make()
    const before = clock.wallMs()
    const us = clock.wallUs()
    const after = clock.wallMs()
    expect(Number.isInteger(before) && Number.isInteger(us)).toBe(true)
    expect(us).toBeGreaterThanOrEqual(before * 1000)
    expect(us).toBeLessThanOrEqual(after * 1000 + 999)
  })

  test('never goes back while nobody touches it', () => {
    const { clock } = make()
    let wallUs = 0
    let monotonicUs = 0
    for (let i = 0; i < 10_000; i++) {
      expect(clock.wallUs()).toBeGreaterThanOrEqual(wallUs)
      expect(clock.monotonicUs()).toBeGreaterThanOrEqual(monotonicUs)
      wallUs = clock.wallUs()
      monotonicUs = clock.monotonicUs()
    }
  })

  test('runs what was asked for after its delay, once, and not while it is asked', async () => {
    const { clock, until } = make()
    const startUs = clock.monotonicUs()
    const ran: number[] = []
    clock.after(5, () => ran.push(clock.monotonicUs() - startUs))
    expect(ran).toEqual([])
    await until(() => ran.length > 0)
    await timePasses(clock, until)
    expect(ran).toHaveLength(1)
    expect(ran[0]).toBeGreaterThanOrEqual(5_000)
  })

  test('runs timers in the order in which they fall due', async () => {
    const { clock, until } = make()
    const ran: string[] = []
    clock.after(20, () => ran.push('late'))
    clock.after(2, () => ran.push('early'))
    await until(() => ran.length === 2)
    expect(ran).toEqual(['early', 'late'])
  })

  test('does not run a timer early that was set late in a long turn', async () => {
    const { clock, until } = make()
    const begin = performance.now()
    while (performance.now() - begin < 8);
    const startUs = clock.monotonicUs()
    let waitedUs = 0
    clock.after(4, () => (waitedUs = clock.monotonicUs() - startUs))
    await until(() => waitedUs > 0)
    expect(waitedUs).toBeGreaterThanOrEqual(4_000)
  })

  test('repeats until it is cancelled, also from within', async () => {
    const { clock, until } = make()
    let runs = 0
    const timer = clock.every(1, () => ++runs === 3 && timer.cancel())
    await until(() => runs === 3)
    await timePasses(clock, until)
    expect(runs).toBe(3)
  })

  test('a cancelled timer does not run, and cancelling again is harmless', async () => {
    const { clock, until } = make()
    let ran = false
    const timer = clock.after(1, () => (ran = true))
    timer.cancel()
    timer.cancel()
    await timePasses(clock, until)
    timer.cancel()
    expect(ran).toBe(false)
  })

  test('a delay of 0 is 1 ms and a very long one does not fire at once', async () => {
    const { clock, until } = make()
    const ran: string[] = []
    const never = clock.after(2 ** 33, () => ran.push('never'))
    clock.after(0, () => ran.push('zero'))
    await timePasses(clock, until)
    never.cancel()
    expect(ran).toEqual(['zero'])
  })

  test('a stall lets time pass and runs nothing', () => {
    const { clock } = make()
    let ran = false
    const timer = clock.after(1, () => (ran = true))
    const before = clock.monotonicUs()
    clock.stall(5000)
    expect(clock.monotonicUs() - before).toBeGreaterThanOrEqual(4999)
    expect(ran).toBe(false)
    timer.cancel()
  })

  test('soon comes after this call, and what it asks for comes in the next turn', async () => {
    const { clock, until } = make()
    const ran: string[] = []
    clock.soon(() => {
      clock.soon(() => ran.push('third'))
      ran.push('first')
    })
    clock.soon(() => ran.push('second'))
    expect(ran).toEqual([])
    await until(() => ran.length === 3)
    expect(ran).toEqual(['first', 'second', 'third'])
  })
})
