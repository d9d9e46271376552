import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunningServer } from '../../server/index.js'
import { describeWithOracle, type Oracle, startOracle } from '../support/oracle.js'
import { startOurs } from '../support/ours.js'
import { eventually, eventuallyMatches } from './eventually.js'

const info = async (server: RunningServer, section: string): Promise<string> =>
  (await server.execute(['INFO', section])) as string

describeWithOracle('the snapshot of a redis-server', () => {
  let replica: RunningServer
  let oracle: Oracle
  let master: Redis

  beforeEach(async () => {
    replica = await startOurs()
    oracle = await startOracle(['--repl-diskless-sync-delay', '0', '--enable-debug-command', 'yes'])
    master = new Redis(oracle.port)
  })

  afterEach(async () => {
    master.disconnect()
    await replica.close()
    await oracle.stop()
  })

  const follow = (): Promise<unknown> => replica.execute(['REPLICAOF', '127.0.0.1', oracle.port])
  const up = (): Promise<void> =>
    eventuallyMatches(() => info(replica, 'replication'), /master_link_status:up/)

  test.each([
    ['swapdb', 'yes'],
    ['swapdb', 'no'],
    ['flushdb', 'yes'],
    ['on-empty-db', 'yes'],
    ['disabled', 'no'],
  ])(
    'takes the place of what there was: repl-diskless-load %s, repl-diskless-sync %s',
    async (load, sync) => {
      await replica.execute(['CONFIG', 'SET', 'repl-diskless-load', load])
      await master.config('SET', 'repl-diskless-sync', sync)
      await master.call('DEBUG', 'POPULATE', '5000')
      await master.select(3)
      await master.set('three', '3')
      await replica.execute(['SET', 'old', '1'])
      await follow()
      await up()
      expect(await replica.execute(['DBSIZE'])).toBe(5000)
      expect(await replica.execute(['EXISTS', 'old'])).toBe(0)
      await master.set('more', '4')
      await replica.execute(['SELECT', '3'])
      await eventually(() => replica.execute(['MGET', 'three', 'more']), ['3', '4'])
    },
  )

  test('that breaks off leaves what there was with swapdb', async () => {
    await replica.execute(['CONFIG', 'SET', 'repl-diskless-load', 'swapdb'])
    await replica.execute(['SET', 'old', '1'])
    await master.config('SET', 'rdb-key-save-delay', '2000')
    await master.call('DEBUG', 'POPULATE', '5000')
    await follow()
    await eventuallyMatches(() => info(replica, 'replication'), /master_sync_read_bytes:[1-9]/)
    await master.config('SET', 'repl-diskless-sync-delay', '3600')
    await master.call('CLIENT', 'KILL', 'TYPE', 'replica')
    await eventuallyMatches(() => info(replica, 'persistence'), /^# Persistence\r\nloading:0/)
    expect(await replica.execute(['GET', 'old'])).toBe('1')
    expect(await replica.execute(['DBSIZE'])).toBe(1)
  })
})

describe('WAITAOF', () => {
  test('counts replicas whose disks have it', async () => {
    const log = { appendonly: 'yes', appendfsync: 'always' }
    await using master = await startOurs({ config: { 'repl-diskless-sync-delay': 0 } })
    await using replica = await startOurs({ config: log })
    await replica.execute(['REPLICAOF', '127.0.0.1', master.port])
    await eventuallyMatches(() => info(replica, 'persistence'), /rewrite_in_progress:0[^]*aof_rewrites:1/)
    await master.execute(['SET', 'a', '1'])
    expect(await master.execute(['WAITAOF', '0', '1', '10000'])).toEqual([0, 1])
    expect(await master.execute(['WAITAOF', '0', '2', '10'])).toEqual([0, 1])
  })
})
