import { afterEach, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../server/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { eventually, eventuallyMatches } from './eventually.js'

describe('a restart from a snapshot', () => {
  const servers: RunningServer[] = []
  const folders: Disposable[] = []

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close()
    for (const folder of folders.splice(0)) folder[Symbol.dispose]()
  })

  const inFolder = (): string => {
    const folder = temporaryFolder()
    folders.push(folder)
    return folder.path
  }

  const start = async (dir: string, port = 0, more: Record<string, string | number> = {}) => {
    const config = { dir, save: '3600 1', 'repl-diskless-sync-delay': 0, ...more }
    const server = await startServer({ port, config })
    servers.push(server)
    return server
  }

  const end = async (server: RunningServer): Promise<void> => {
    servers.splice(servers.indexOf(server), 1)
    await server.close()
  }

  const info = async (server: RunningServer, section: string): Promise<string> =>
    (await server.execute(['INFO', section])) as string

  const follow = async (replica: RunningServer, { port }: RunningServer): Promise<void> => {
    await replica.execute(['REPLICAOF', '127.0.0.1', port])
    await eventuallyMatches(() => info(replica, 'replication'), /master_link_status:up/)
  }

  test('of the master lets its replica go on, and tells it of keys that died meanwhile', async () => {
    const dir = inFolder()
    let master = await start(dir)
    const replica = await start(inFolder())
    const { port } = master
    await follow(replica, master)
    await master.execute(['SET', 'stays', '1'])
    await master.execute(['SET', 'dies', '1', 'PX', '300'])
    expect(await master.execute(['WAIT', '1', '5000'])).toBe(1)
    await end(master)
    await new Promise(resolve => setTimeout(resolve, 350))
    master = await start(dir, port)
    await eventuallyMatches(() => info(replica, 'replication'), /master_link_status:up/)
    await eventually(() => replica.execute(['DBSIZE']), 1)
    expect(await info(master, 'stats')).toMatch(/sync_full:0\r\nsync_partial_ok:1/)
  })

  test('of the replica goes on where its file ends', async () => {
    const master = await start(inFolder())
    const dir = inFolder()
    let replica = await start(dir)
    await follow(replica, master)
    await master.execute(['SELECT', '3'])
    await master.execute(['SET', 'a', '1'])
    expect(await master.execute(['WAIT', '1', '5000'])).toBe(1)
    await end(replica)
    await master.execute(['SET', 'b', '2'])
    replica = await start(dir, 0, { replicaof: `127.0.0.1 ${master.port}` })
    await replica.execute(['SELECT', '3'])
    await eventually(() => replica.execute(['GET', 'b']), '2')
    expect(await info(master, 'stats')).toMatch(/sync_full:1\r\nsync_partial_ok:1/)
  })

  test('or from an append-only file: of both, one after the other', async () => {
    const log = { appendonly: 'yes', save: '' }
    const [masterDir, dir] = [inFolder(), inFolder()]
    let master = await start(masterDir, 0, log)
    let replica = await start(dir, 0, log)
    const { port } = master
    await follow(replica, master)
    await master.execute(['SET', 'a', '1'])
    expect(await master.execute(['WAIT', '1', '5000'])).toBe(1)
    await eventuallyMatches(() => info(replica, 'persistence'), /rewrite_in_progress:0[^]*aof_rewrites:1/)
    await end(replica)
    await master.execute(['SET', 'b', '2'])
    replica = await start(dir, 0, { ...log, replicaof: `127.0.0.1 ${port}` })
    await eventually(() => replica.execute(['GET', 'b']), '2')
    expect(await info(master, 'stats')).toMatch(/sync_full:1\r\nsync_partial_ok:1/)
    await end(master)
    master = await start(masterDir, port, log)
    await eventuallyMatches(() => info(master, 'replication'), /state=online/)
    expect(await info(master, 'stats')).toMatch(/sync_full:0\r\nsync_partial_ok:1/)
  })

  test('without a history begins one anew', async () => {
    const dir = inFolder()
    const first = await start(dir)
    await first.execute(['SET', 'a', '1'])
    await end(first)
    const second = await start(dir)
    expect(await second.execute(['GET', 'a'])).toBe('1')
    expect(await info(second, 'replication')).toMatch(/second_repl_offset:-1\r\nrepl_backlog_active:0/)
  })
})
