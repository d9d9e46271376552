import { describe, expect, test } from 'vitest'
import { testEngine } from '../support/engine.js'

/** CLIENT OFFSET and WAITOFFSET. */

describe('in one server', () => {
  test('who waits for what turns out to be lost is told so, and that is counted', () => {
    const world = testEngine()
    const [, begin] = /^(\w+):/.exec(world.ask('CLIENT OFFSET') as string)!
    const waiting = world.client('b')
    waiting.send(`WAITOFFSET ${begin}:1000 0`)
    expect(waiting.waiting).toBe(0)
    world.ask('REPLICAOF 127.0.0.1 1')
    world.ask('REPLICAOF NO ONE')
    expect(waiting.receive().value).toEqual({ line: expect.stringMatching(/^LOSTWRITE /) as string })
    expect(world.ask('INFO errorstats')).toContain('errorstat_LOSTWRITE:count=1')
    expect(world.ask('INFO commandstats')).toMatch(/cmdstat_waitoffset:calls=1,.*failed_calls=1/)
  })

  test('waiting does not block a transaction, and words that are no place are refused', () => {
    const world = testEngine()
    const notPlace = 'ERR A place in the history is an offset, or replid:offset as CLIENT OFFSET says'
    expect(world.ask('WAITOFFSET nonsense')).toEqual({ line: notPlace })
    expect(world.ask('WAITOFFSET 1 -1')).toEqual({ line: 'ERR timeout is negative' })
    world.ask('MULTI')
    world.ask('WAITOFFSET 1000000')
    expect(world.ask('EXEC')).toEqual([0])
  })

  test('a master has what its client wrote', () => {
    const world = testEngine()
    expect(world.ask('CLIENT OFFSET')).toMatch(/^[0-9a-f]{40}:0$/)
    world.ask('SET a 1')
    const place = world.ask('CLIENT OFFSET') as string
    expect(Number(place.split(':')[1])).toBeGreaterThan(0)
    expect(world.ask(`WAITOFFSET ${place} 1`)).toBe(1)
  })
})
