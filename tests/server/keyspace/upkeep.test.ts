import { describe, expect, test } from 'vitest'
import { NEVER, Type } from '../../../server/data/entry.js'
import { Strings } from '../../../server/data/string.js'
import { Keyspace } from '../../../server/keyspace/keyspace.js'
import { Span } from '../../../server/lib/bytes.js'
import { VirtualClock } from '../../../server/lib/clock.js'
import { seededRandom } from '../../../server/lib/random.js'
import { VerifiedArena } from '../../../server/memory/verified-arena.js'
import { testEngine } from '../../support/engine.js'

/** A clock on which every look takes a tenth of a millisecond. */
class BusyClock extends VirtualClock {
  override monotonicUs(): number {
    this.advance(0.1)
    return super.monotonicUs()
  }
}

/** Strings that pretend to be large: each takes three slices to free. */
class SlowToFree extends Strings {
  private readonly slices = new Map<number, number>()

  override freeEffort(): number {
    return 1000
  }

  freeSlice(ref: number): boolean {
    const done = (this.slices.get(ref) ?? 0) + 1
    this.slices.set(ref, done)
    if (done < 3) return false
    this.slices.delete(ref)
    this.free(ref)
    return true
  }
}

function filled(keys: number): { arena: VerifiedArena; keyspace: Keyspace } {
  const arena = new VerifiedArena()
  const keyspace = new Keyspace(arena, seededRandom(1), { k0: 1, k1: 2 }, 2)
  for (let i = 0; i < keys; i++) set(keyspace, `${i}`, i % 2 === 0 ? NEVER : 5000)
  return { arena, keyspace }
}

function set(keyspace: Keyspace, name: string, expireAt: number = NEVER): void {
  keyspace.databases[0].setString(Span.of(name), Span.of('v'), expireAt)
}

describe('tables', () => {
  test('a rehash goes on although nobody touches the table', () => {
    const { keyspace } = filled(10_000)
    const { keys } = keyspace.databases[0].tables
    while (!keys.rehashing) set(keyspace, `more${keys.count}`)
    for (let i = 0; i < 20; i++) keyspace.upkeep.tables(new VirtualClock(), false)
    expect(keys.rehashing).toBe(true)
    keyspace.upkeep.tables(new VirtualClock(), true)
    expect(keys.rehashing).toBe(false)
  })

  test('a piece of rehashing takes a millisecond', () => {
    const { keyspace } = filled(30_000)
    const { keys } = keyspace.databases[0].tables
    while (!keys.rehashing) set(keyspace, `more${keys.count}`)
    const clock = new BusyClock()
    const startedUs = clock.monotonicUs()
    keyspace.upkeep.tables(clock, true)
    expect(clock.monotonicUs() - startedUs).toBeLessThan(1500)
    expect(keys.rehashing).toBe(true)
  })

  test('a sparse table shrinks', () => {
    const { arena, keyspace } = filled(10_000)
    const [db] = keyspace.databases
    const { keys } = db.tables
    const before = keys.buckets
    for (let i = 0; i < 9990; i++) db.delete(Span.of(`${i}`))
    for (let i = 0; i < 10; i++) keyspace.upkeep.tables(new VirtualClock(), true)
    expect(keys.buckets).toBeLessThan(before / 50)
    arena.audit(keyspace.blocks())
  })
})

describe('the graveyard', () => {
  test.each([[false], [true]])('frees a big set that is deleted (lazily: %s) between the turns', lazily => {
    const { arena, keyspace } = filled(0)
    const [db] = keyspace.databases
    const key = Span.of('big')
    const ref = db.add(key, Type.set, 0)
    for (let i = 0; i < 10_000; i++) keyspace.sets.add(ref, Span.of(`member ${i}`))
    const { used } = arena
    db.delete(key, lazily)
    expect(keyspace.graveyard.pending).toBe(1)
    expect(arena.used).toBeGreaterThan(used / 2)
    arena.audit(keyspace.blocks())
    while (keyspace.graveyard.slice(100)) arena.audit(keyspace.blocks())
    expect(arena.used).toBeLessThan(used / 10)
  })

  test('frees at once what is deleted and not so big', () => {
    const { keyspace } = filled(0)
    const [db] = keyspace.databases
    const key = Span.of('small')
    for (const [lazily, size, waiting] of [
      [false, 1000, 0],
      [true, 1000, 1],
      [true, 10, 0],
    ] as const) {
      const ref = db.add(key, Type.set, 0)
      for (let i = 0; i < size; i++) keyspace.sets.add(ref, Span.of(`member ${i}`))
      db.delete(key, lazily)
      expect(keyspace.graveyard.pending).toBe(waiting)
      while (keyspace.graveyard.slice(100));
    }
  })

  test('frees a flushed database in pieces of a millisecond', () => {
    const { arena, keyspace } = filled(10_000)
    const { graveyard, upkeep } = keyspace
    keyspace.databases[0].flush(true)
    expect(graveyard.pending).toBe(10_000)
    arena.audit(keyspace.blocks())
    const clock = new BusyClock()
    let pieces = 0
    while (upkeep.free(clock)) {
      pieces++
      arena.audit(keyspace.blocks())
    }
    expect(pieces).toBeGreaterThan(2)
    expect(graveyard.pending).toBe(0)
    expect(graveyard.freed).toBe(10_000)
    expect(keyspace.keys).toBe(0)
  })

  test('frees big values in slices, those of a flushed database too', () => {
    const { arena, keyspace } = filled(0)
    keyspace.kinds[0] = new SlowToFree(arena, keyspace.entries)
    const { graveyard } = keyspace
    for (let i = 0; i < 10; i++) set(keyspace, `${i}`)
    keyspace.databases[0].delete(Span.of('0'), true)
    expect(graveyard.pending).toBe(1)
    while (graveyard.slice(10)) arena.audit(keyspace.blocks())
    expect(graveyard.freed).toBe(1)
    keyspace.databases[0].flush(true)
    let slices = 1
    while (graveyard.slice(10)) {
      slices++
      arena.audit(keyspace.blocks())
    }
    expect(slices).toBeGreaterThan(27)
    expect(graveyard.freed).toBe(10)
    arena.audit(keyspace.blocks())
  })

  test('takes an overwritten value out of an entry that stays', () => {
    const { arena, keyspace } = filled(0)
    keyspace.kinds[0] = new SlowToFree(arena, keyspace.entries)
    keyspace.lazily.overwrite = true
    const [db] = keyspace.databases
    db.setString(Span.of('k'), Span.of('x'.repeat(1000)), NEVER)
    db.setString(Span.of('k'), Span.of('y'), 5000)
    expect(keyspace.graveyard.pending).toBe(1)
    arena.audit(keyspace.blocks())
    expect(db.readString(Span.of('k'), Span.of(''))?.latin1()).toBe('y')
    while (keyspace.graveyard.slice(10));
    arena.audit(keyspace.blocks())
  })

  test('works on, turn by turn, until FLUSHALL ASYNC is done', () => {
    const world = testEngine()
    for (let i = 0; i < 1000; i++) world.ask(`SET k${i} v`)
    world.ask('FLUSHALL ASYNC')
    expect(world.engine.keyspace.graveyard.pending).toBe(0)
    expect(world.engine.keyspace.graveyard.freed).toBe(1000)
    world.audit()
  })
})
