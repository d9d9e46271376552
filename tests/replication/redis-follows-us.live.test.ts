import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunningServer } from '../../server/index.js'
import { describeWithOracle, type Oracle, startOracle } from '../support/oracle.js'
import { startOurs } from '../support/ours.js'
import { eventually, eventuallyMatches } from './eventually.js'

/** A real redis-server as the replica of ours. */

let master: RunningServer
let oracle: Oracle
let replica: Redis

async function follow(config: Readonly<Record<string, string | number>> = {}): Promise<void> {
  await master.execute(['CONFIG', 'SET', 'repl-diskless-sync-delay', '0'])
  for (const [name, value] of Object.entries(config))
    await master.execute(['CONFIG', 'SET', name, `${value}`])
  await replica.call('REPLICAOF', '127.0.0.1', `${master.port}`)
  await eventuallyMatches(() => replica.info('replication'), /master_link_status:up/)
  await eventuallyMatches(masterInfo, /slave0:.*state=online/)
}

const masterInfo = async (): Promise<string> => (await master.execute(['INFO', 'replication'])) as string

/** The value of a field of INFO. */
const field = (text: string, name: string): string =>
  new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1].trim() ?? ''

describeWithOracle('a redis-server that follows us', () => {
  beforeEach(async () => {
    master = await startOurs()
    oracle = await startOracle()
    replica = new Redis(oracle.port)
  })

  afterEach(async () => {
    replica.disconnect()
    await oracle.stop()
    await master.close()
  })

  test.each(['yes', 'no'])('gets all data and what is written on, diskless: %s', async diskless => {
    for (let i = 0; i < 2000; i++) await master.execute(['SET', `key:${i}`, `${i}`.repeat(100)])
    await master.execute(['RPUSH', 'list', 'a', 'b', 'c'])
    await follow({ 'repl-diskless-sync': diskless })
    expect(await replica.dbsize()).toBe(2001)
    expect(await replica.get('key:7')).toBe('7'.repeat(100))
    await master.execute(['SET', 'after', 'sync', 'EX', '1000'])
    await master.execute(['LPOP', 'list'])
    expect(await master.execute(['WAIT', '1', '5000'])).toBe(1)
    expect(await replica.get('after')).toBe('sync')
    expect(await replica.lrange('list', 0, -1)).toEqual(['b', 'c'])
  })

  test('gets what is written while the snapshot is on its way', async () => {
    for (let i = 0; i < 3000; i++) await master.execute(['SET', `key:${i}`, 'old'.repeat(200)])
    const following = follow({ 'rdb-key-save-delay': 100 })
    for (let i = 0; i < 3000; i++) await master.execute(['SET', `key:${(i * 7) % 3000}`, `new ${i}`])
    await following
    expect(await master.execute(['WAIT', '1', '10000'])).toBe(1)
    for (let i = 0; i < 3000; i += 100) {
      expect(await replica.get(`key:${(i * 7) % 3000}`)).toBe(`new ${i}`)
    }
  })

  test('goes on where it was when the link breaks', async () => {
    await follow()
    await master.execute(['SET', 'a', '1'])
    await master.execute(['CLIENT', 'KILL', 'TYPE', 'replica'])
    await master.execute(['SET', 'b', '2'])
    await eventually(() => replica.get('b'), '2')
    const stats = (await master.execute(['INFO', 'stats'])) as string
    expect([field(stats, 'sync_full'), field(stats, 'sync_partial_ok')]).toEqual(['1', '1'])
  })

  test('has the same offset as we have', async () => {
    await follow({ 'repl-ping-replica-period': 3600 })
    await master.execute(['MSET', 'a', '1', 'b', '2'])
    await master.execute(['SELECT', '3'])
    await master.execute(['SET', 'c', '3'])
    expect(await master.execute(['WAIT', '1', '5000'])).toBe(1)
    const ours = field(await masterInfo(), 'master_repl_offset')
    await eventually(async () => field(await replica.info('replication'), 'master_repl_offset'), ours)
    const [role, offset, replicas] = (await master.execute(['ROLE'])) as [string, number, string[][]]
    expect([role, `${offset}`, replicas[0].slice(0, 2)]).toEqual([
      'master',
      ours,
      ['127.0.0.1', `${oracle.port}`],
    ])
  })

  test('is needed for writes where min-replicas-to-write says so', async () => {
    await master.execute(['CONFIG', 'SET', 'min-replicas-to-write', '1'])
    await expect(master.execute(['SET', 'a', '1'])).rejects.toThrow('NOREPLICAS')
    expect(await master.execute(['GET', 'a'])).toBe(null)
    await follow()
    expect(await master.execute(['SET', 'a', '1'])).toBe('OK')
    await replica.call('REPLICAOF', 'NO', 'ONE')
    await eventuallyMatches(() => master.execute(['SET', 'a', '1']).catch(String), /NOREPLICAS/)
  })

  test('is shown among the clients as what it is', async () => {
    await follow()
    expect(await master.execute(['CLIENT', 'LIST', 'TYPE', 'replica'])).toMatch(/flags=S /)
  })
})
