import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunningServer } from '../../server/index.js'
import { testEngine } from '../support/engine.js'
import { startOurs } from '../support/ours.js'
import { eventuallyMatches } from './eventually.js'

/** CLIENT OFFSET on a master, WAITOFFSET on its replica. */

describe('between two servers', () => {
  let master: RunningServer
  let replica: RunningServer

  const place = async (): Promise<string> => (await master.execute(['CLIENT', 'OFFSET'])) as string

  beforeEach(async () => {
    master = await startOurs({ config: { 'repl-diskless-sync-delay': 0 } })
    replica = await startOurs()
    await replica.execute(['REPLICAOF', '127.0.0.1', master.port])
    await eventuallyMatches(() => replica.execute(['INFO', 'replication']), /master_link_status:up/)
  })

  afterEach(async () => {
    await replica.close()
    await master.close()
  })

  test('who wrote reads it on the replica, each time', async () => {
    for (let i = 0; i < 200; i++) {
      await master.execute(['SET', 'key', i])
      expect(await replica.execute(['WAITOFFSET', await place(), 10_000])).toBe(1)
      expect(await replica.execute(['GET', 'key'])).toBe(String(i))
    }
  })

  test('a replica says 0 when the time is up, and how far it is itself', async () => {
    const [, offset] = (await place()).split(':')
    expect(await replica.execute(['WAITOFFSET', Number(offset) + 10_000, 50])).toBe(0)
    await master.execute(['SET', 'key', 1])
    expect(await replica.execute(['WAITOFFSET', await place(), 10_000])).toBe(1)
    expect(await replica.execute(['CLIENT', 'OFFSET'])).toMatch(/^[0-9a-f]{40}:\d+$/)
  })

  test('a write that a failover has lost is known to be lost', async () => {
    await master.execute(['SET', 'key', 'kept'])
    const kept = await place()
    expect(await replica.execute(['WAITOFFSET', kept, 10_000])).toBe(1)
    await replica.execute(['REPLICAOF', 'NO', 'ONE'])
    await eventuallyMatches(() => master.execute(['INFO', 'replication']), /connected_slaves:0/)
    await master.execute(['SET', 'key', 'lost'])
    expect(await replica.execute(['WAITOFFSET', kept])).toBe(1)
    await expect(replica.execute(['WAITOFFSET', await place()])).rejects.toThrow(/^LOSTWRITE /)
  })
})

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
