import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunningServer } from '../../server/index.js'
import { startOurs } from '../support/ours.js'
import { eventually, eventuallyMatches } from './eventually.js'

describe.each(['disabled', 'swapdb', 'flushdb'])('a replica with data, repl-diskless-load %s', load => {
  let master: RunningServer
  let replica: RunningServer
  const log: string[] = []

  const info = async (): Promise<string> => (await replica.execute(['INFO', 'replication'])) as string
  const startMaster = async (port = 0): Promise<RunningServer> =>
    startOurs({ port, config: { 'repl-diskless-sync-delay': 0 } })

  beforeEach(async () => {
    log.length = 0
    master = await startMaster()
    const note = (line: string): void => void log.push(line)
    const quiet = (): void => undefined
    replica = await startOurs({
      config: { 'repl-diskless-load': load },
      log: {
        debug: quiet,
        verbose: quiet,
        notice: quiet,
        warning: note,
        raw: quiet,
        setLevel: quiet,
        reopen: quiet,
        close: quiet,
      },
    })
    await master.execute(['SET', 'key', 'value'])
    await replica.execute(['REPLICAOF', '127.0.0.1', master.port])
    await eventually(() => replica.execute(['GET', 'key']), 'value')
  })

  afterEach(async () => {
    await replica.close()
    await master.close()
  })

  async function restartEmpty(): Promise<void> {
    const { port } = master
    await master.close()
    master = await startMaster(port)
  }

  test('keeps it when its master comes back empty, says why, and takes it when told to', async () => {
    await restartEmpty()
    await eventuallyMatches(info, /replica_refused_empty_masters:[1-9]/)
    expect(await replica.execute(['GET', 'key'])).toBe('value')
    expect(await info()).toMatch(/master_link_status:down/)
    expect(log.filter(line => line.includes('replica-accept-empty-master yes'))).toHaveLength(1)
    await replica.execute(['CONFIG', 'SET', 'replica-accept-empty-master', 'yes'])
    await eventuallyMatches(info, /master_link_status:up/)
    expect(await replica.execute(['DBSIZE'])).toBe(0)
  })

  test('takes what the master holds as soon as it holds something', async () => {
    await restartEmpty()
    await eventuallyMatches(info, /replica_refused_empty_masters:[1-9]/)
    await master.execute(['SET', 'new', 'data'])
    await eventually(() => replica.execute(['GET', 'new']), 'data')
    expect(await replica.execute(['GET', 'key'])).toBe(null)
  })

  test('is emptied by a master of its own history that somebody has emptied', async () => {
    await master.execute(['CONFIG', 'SET', 'repl-backlog-size', '1'])
    await master.execute(['CLIENT', 'KILL', 'TYPE', 'replica'])
    await replica.execute(['REPLICAOF', 'NO', 'ONE'])
    for (let i = 0; i < 100; i++) await master.execute(['SET', 'big', 'x'.repeat(10_000)])
    await master.execute(['FLUSHALL'])
    await replica.execute(['REPLICAOF', '127.0.0.1', master.port])
    await eventuallyMatches(info, /master_link_status:up/)
    expect(await replica.execute(['DBSIZE'])).toBe(0)
  })
})
