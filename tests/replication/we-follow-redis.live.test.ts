import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunningServer } from '../../server/index.js'
import { describeWithOracle, type Oracle, startOracle } from '../support/oracle.js'
import { startOurs } from '../support/ours.js'
import { eventually, eventuallyMatches } from './eventually.js'

/** We as the replica of a real redis-server. */

let replica: RunningServer
let oracle: Oracle
let master: Redis

const info = async (section = 'replication'): Promise<string> =>
  (await replica.execute(['INFO', section])) as string

const follow = async (): Promise<void> => {
  await replica.execute(['REPLICAOF', '127.0.0.1', `${oracle.port}`])
  await eventuallyMatches(info, /master_link_status:up/)
}

const offset = (text: string): string => /master_repl_offset:(\d+)/.exec(text)![1]

describeWithOracle('we follow a redis-server', () => {
  beforeEach(async () => {
    replica = await startOurs()
    oracle = await startOracle(['--repl-diskless-sync-delay', '0'])
    master = new Redis(oracle.port)
  })

  afterEach(async () => {
    master.disconnect()
    await replica.close()
    await oracle.stop()
  })

  test.each(['yes', 'no'])('and hold its data, and what it writes on, diskless: %s', async diskless => {
    await master.config('SET', 'repl-diskless-sync', diskless)
    for (let i = 0; i < 1000; i++) await master.set(`key:${i}`, `${i}`.repeat(200))
    await replica.execute(['SET', 'ours', 'goes'])
    await follow()
    expect(await replica.execute(['DBSIZE'])).toBe(1000)
    await master.multi().set('a', '1').incr('a').rpush('list', 'x', 'y').exec()
    await master.select(5)
    await master.set('five', 'x'.repeat(300_000))
    await eventually(async () => offset(await info()), offset(await master.info('replication')))
    expect(await replica.execute(['GET', 'a'])).toBe('2')
    expect(await replica.execute(['GET', 'ours'])).toBe(null)
    await replica.execute(['SELECT', '5'])
    expect(((await replica.execute(['GET', 'five'])) as string).length).toBe(300_000)
    expect(await master.call('WAIT', '1', '5000')).toBe(1)
  })

  test('and refuse to write ourselves', async () => {
    await follow()
    await expect(replica.execute(['SET', 'a', '1'])).rejects.toThrow('READONLY')
    const [role, host, port, state] = (await replica.execute(['ROLE'])) as unknown[]
    expect([role, host, port, state]).toEqual(['slave', '127.0.0.1', oracle.port, 'connected'])
  })

  test('and go on where we were when the link breaks', async () => {
    await follow()
    await master.set('a', '1')
    await master.call('CLIENT', 'KILL', 'TYPE', 'replica')
    await master.set('b', '2')
    await eventually(() => replica.execute(['GET', 'b']), '2')
    expect(await master.info('stats')).toMatch(/sync_full:1\r\nsync_partial_ok:1/)
  })

  test('until we are told to follow nobody; then it can follow us from where it is', async () => {
    await follow()
    await master.set('a', '1')
    await eventually(() => replica.execute(['GET', 'a']), '1')
    await replica.execute(['SLAVEOF', 'NO', 'ONE'])
    await master.call('REPLICAOF', '127.0.0.1', `${replica.port}`)
    await eventuallyMatches(() => master.info('replication'), /master_link_status:up/)
    expect(await replica.execute(['SET', 'b', '2'])).toBe('OK')
    await eventually(() => master.get('b'), '2')
    expect(await info('stats')).toMatch(/sync_full:0\r\nsync_partial_ok:1/)
  })

  test('and are followed by others, who are told what it says', async () => {
    await master.set('before', 'x')
    await follow()
    const third = await startOurs()
    try {
      await replica.execute(['CONFIG', 'SET', 'repl-diskless-sync-delay', '0'])
      await third.execute(['REPLICAOF', '127.0.0.1', `${replica.port}`])
      await eventuallyMatches(() => third.execute(['INFO', 'replication']), /master_link_status:up/)
      await master.set('after', 'y')
      await eventually(() => third.execute(['MGET', 'before', 'after']), ['x', 'y'])
      const theirs = (await third.execute(['INFO', 'replication'])) as string
      expect(/master_replid:(\w+)/.exec(theirs)![1]).toBe(
        /master_replid:(\w+)/.exec(await master.info('replication'))![1],
      )
    } finally {
      await third.close()
    }
  })

  test('and say so when it is gone, where stale data is not to be served', async () => {
    await follow()
    await replica.execute(['CONFIG', 'SET', 'replica-serve-stale-data', 'no'])
    expect(await replica.execute(['GET', 'a'])).toBe(null)
    await oracle.stop()
    await eventuallyMatches(() => replica.execute(['GET', 'a']).catch(String), /MASTERDOWN/)
    expect(await info()).toMatch(/master_link_status:down/)
  })
})
