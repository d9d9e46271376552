import { afterEach, describe, expect, test } from 'vitest'
import { factsOf, landmarkOf } from '../../replication/restart.js'
import { type RunningServer, startServer } from '../../server/index.js'
import { VirtualClock } from '../../server/lib/clock.js'
import { AofWorld, slowDisk } from '../support/aof-world.js'
import { temporaryFolder } from '../support/program.js'
import { eventually, eventuallyMatches } from './eventually.js'
import { PoliteMaster } from './polite-master.js'

const REPLID = 'a'.repeat(40)

describe('what a snapshot file says of the history', () => {
  test('is read as it was written', () => {
    const landmark = { replid: REPLID, offset: 1234, database: 3 }
    const facts = new Map(factsOf(landmark).map(([name, value]) => [name, `${value}`]))
    expect(landmarkOf(facts)).toEqual(landmark)
    expect(factsOf(null)).toEqual([])
  })

  test.each([
    [{}],
    [{ 'repl-id': REPLID }],
    [{ 'repl-id': REPLID, 'repl-offset': '-1' }],
    [{ 'repl-id': 'short', 'repl-offset': '10' }],
    [{ 'repl-id': REPLID, 'repl-offset': 'many' }],
  ])('says nothing when it is %o', facts => {
    expect(landmarkOf(new Map(Object.entries(facts)))).toBe(null)
  })
})

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

test('a replica calls its master when its own files are in order, and not before', async () => {
  const clock = new VirtualClock()
  const disk = await slowDisk(1, clock, 300)
  const master = new PoliteMaster()
  const config = { replicaof: '127.0.0.1 1' }
  const world = new AofWorld({ disk, clock, network: master, config })
  let callsBefore = -1
  await world.start().then(() => {
    callsBefore = master.calls
  })
  expect(callsBefore).toBe(0)
  for (let ms = 0; ms < 5000; ms++) await world.turn()
  expect(master.heard.at(-1)).toMatch(/^REPLCONF ACK \d+ FACK/)
  disk.kill()
  const again = new AofWorld({ disk, clock, network: master, config })
  await expect(again.start()).resolves.toBeUndefined()
})
