import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunningServer } from '../../server/index.js'
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
