import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunningServer } from '../../server/index.js'
import { describeWithOracle, type Oracle, startOracle } from '../support/oracle.js'
import { startOurs } from '../support/ours.js'
import { eventually, eventuallyMatches } from './eventually.js'

const info = async (server: RunningServer): Promise<string> =>
  (await server.execute(['INFO', 'replication'])) as string

async function follow(server: RunningServer, port: number): Promise<void> {
  await server.execute(['REPLICAOF', '127.0.0.1', port])
  await eventuallyMatches(() => info(server), /master_link_status:up/)
}

describe('FAILOVER between two of ours', () => {
  let master: RunningServer
  let replica: RunningServer

  beforeEach(async () => {
    master = await startOurs({ config: { 'repl-diskless-sync-delay': 0 } })
    replica = await startOurs()
  })

  afterEach(async () => {
    await replica.close()
    await master.close()
  })

  test('exchanges the roles without a lost write, and both go on from where they are', async () => {
    await follow(replica, master.port)
    const writers = Array.from({ length: 200 }, (_, i) => master.execute(['SET', `key:${i}`, i]))
    await Promise.all(writers)
    expect(await master.execute(['FAILOVER'])).toBe('OK')
    await eventuallyMatches(() => info(master), /role:slave[^]*link_status:up[^]*failover_state:no-failover/)
    expect(await info(replica)).toMatch(/role:master/)
    expect(await replica.execute(['DBSIZE'])).toBe(200)
    await expect(master.execute(['SET', 'a', '1'])).rejects.toThrow('READONLY')
    await replica.execute(['SET', 'a', '2'])
    await eventually(() => master.execute(['GET', 'a']), '2')
    expect(await replica.execute(['INFO', 'stats'])).toMatch(/sync_full:0\r\nsync_partial_ok:1/)
  })

  test('ends who waits for keys: their pushes would come elsewhere', async () => {
    await follow(replica, master.port)
    using waiting = master.openSession()
    const popped = waiting.execute(['BLPOP', 'list', '0']).catch(String)
    await master.execute(['FAILOVER'])
    expect(await popped).toMatch(/UNBLOCKED force unblock from blocking operation/)
  })

  test('is refused where it makes no sense', async () => {
    const words = ['127.0.0.1', `${replica.port}`]
    await expect(master.execute(['FAILOVER'])).rejects.toThrow('FAILOVER requires connected replicas.')
    await expect(master.execute(['FAILOVER', 'ABORT'])).rejects.toThrow('No failover in progress.')
    await follow(replica, master.port)
    const refusals: readonly (readonly [string[], string])[] = [
      [['TO', 'nowhere', '1'], 'FAILOVER target HOST and PORT is not a replica.'],
      [['TO', '127.0.0.1', 'x'], 'value is not an integer'],
      [['TO', ...words, 'FORCE'], 'FAILOVER with force option requires both a timeout and target'],
      [['FORCE', 'TIMEOUT', '100'], 'FAILOVER with force option requires both a timeout and target'],
      [['TIMEOUT', '0'], 'FAILOVER timeout must be greater than 0'],
      [['ABORT', 'FORCE'], 'syntax error'],
    ]
    for (const [options, refusal] of refusals)
      await expect(master.execute(['FAILOVER', ...options])).rejects.toThrow(refusal)
    await expect(replica.execute(['FAILOVER'])).rejects.toThrow('not valid when server is a replica')
  })
})

describeWithOracle('FAILOVER between us and a redis-server', () => {
  let ours: RunningServer
  let oracle: Oracle
  let other: Redis

  beforeEach(async () => {
    ours = await startOurs({ config: { 'repl-diskless-sync-delay': 0 } })
    oracle = await startOracle(['--repl-diskless-sync-delay', '0'])
    other = new Redis(oracle.port)
  })

  afterEach(async () => {
    other.disconnect()
    await ours.close()
    await oracle.stop()
  })

  test('goes there and back again by partial resynchronizations', async () => {
    await other.call('REPLICAOF', '127.0.0.1', `${ours.port}`)
    await eventuallyMatches(() => info(ours), /state=online/)
    await ours.execute(['SET', 'a', '1'])
    await ours.execute(['FAILOVER', 'TO', '127.0.0.1', `${oracle.port}`, 'TIMEOUT', '20000'])
    await eventuallyMatches(() => info(ours), /role:slave[^]*link_status:up/)
    await other.set('b', '2')
    await eventually(() => ours.execute(['GET', 'b']), '2')
    await other.call('FAILOVER')
    await eventuallyMatches(() => other.info('replication'), /role:slave[^]*link_status:up/)
    await ours.execute(['SET', 'c', '3'])
    await eventually(() => other.get('c'), '3')
    expect(await other.info('stats')).toMatch(/sync_full:0\r\nsync_partial_ok:1/)
    expect(await ours.execute(['INFO', 'stats'])).toMatch(/sync_full:1\r\nsync_partial_ok:1/)
  })

  test('is given up when the replica takes too long, and the writes that were held run', async () => {
    await other.call('REPLICAOF', '127.0.0.1', `${ours.port}`)
    await eventuallyMatches(() => info(ours), /state=online/)
    process.kill(oracle.pid, 'SIGSTOP')
    await ours.execute(['SET', 'a', '1'])
    await ours.execute(['FAILOVER', 'TIMEOUT', '200'])
    expect(await info(ours)).toMatch(/failover_state:waiting-for-sync/)
    expect(await ours.execute(['SET', 'a', '2'])).toBe('OK')
    expect(await info(ours)).toMatch(/role:master[^]*failover_state:no-failover/)
    process.kill(oracle.pid, 'SIGCONT')
    await eventually(() => other.get('a'), '2')
  })
})
