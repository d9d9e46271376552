import { describe, expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'

describe('the memory account', () => {
  test('counts what the arena hands out, exactly', () => {
    const { engine, arena, ask } = worldOf()
    ask('PING')
    const before = engine.memory.used - arena.used
    ask(['SET', 'key', 'x'.repeat(1000)])
    expect(engine.memory.used - arena.used).toBe(before)
    expect(arena.used).toBeGreaterThan(1000)
  })

  test('falls back to where it was when a key is deleted', () => {
    const { engine, ask } = worldOf()
    ask('SET first 1')
    const before = engine.memory.used
    ask(['SET', 'key', 'x'.repeat(1000)])
    ask('DEL key')
    expect(engine.memory.used).toBe(before)
  })

  test('remembers its peak', () => {
    const { engine, ask } = worldOf()
    ask(['SET', 'key', 'x'.repeat(100_000)])
    const peak = engine.memory.notePeak()
    ask('DEL key')
    expect(engine.memory.notePeak()).toBe(peak)
    expect(engine.memory.used).toBeLessThan(peak)
  })

  test('adds what rooms keep, and holds against the limit what they say', () => {
    const { engine } = worldOf()
    const { used } = engine.memory
    engine.memory.register({ purpose: 'lua.caches', limited: true, bytes: () => 10 })
    engine.memory.register({ purpose: 'aof.buffer', limited: false, bytes: () => 100 })
    const report = engine.memory.report()
    expect(report.used).toBe(used + 110)
    expect(engine.memory.limited).toBe(used + 10)
    expect(report.notCounted).toBe(100)
    expect(report.bytesFor('lua.caches')).toBe(10)
    expect(report.bytesFor('replication.backlog')).toBe(0)
  })

  test('splits into overhead and dataset', () => {
    const { engine, ask } = worldOf()
    ask(['SET', 'key', 'x'.repeat(1000)])
    const { used, overhead, dataset, startup, databases } = engine.memory.report()
    expect(dataset + overhead).toBe(used)
    expect(dataset).toBeGreaterThan(1000)
    expect(overhead).toBeGreaterThan(startup)
    expect(databases.map(({ index }) => index)).toEqual([0])
  })
})

function worldOf() {
  const world = testEngine()
  return { engine: world.engine, arena: world.arena, ask: world.ask.bind(world) }
}
