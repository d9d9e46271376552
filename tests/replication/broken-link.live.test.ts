import { afterEach, expect, test } from 'vitest'
import { describeWithOracle } from '../support/oracle.js'
import { CuttableLink } from './cuttable-link.js'
import { eventually } from './eventually.js'
import { type Make, Node } from './nodes.js'

/** Links that are cut under load, and masters that change: nothing is lost, and nothing comes twice. */

const PATIENCE = { timeout: 20_000, interval: 20 }
/** Two seconds of 20,000 writes/s. */
const WRITES = 40_000
const PIPELINE = 500

const pairs: readonly (readonly [master: Make, replica: Make])[] = [
  ['redstart', 'redstart'],
  ['redstart', 'redis'],
  ['redis', 'redstart'],
]

let nodes: Node[] = []
let link: CuttableLink | null = null

async function start(make: Make, config: Readonly<Record<string, string>> = {}): Promise<Node> {
  const node = await Node.start(make, config)
  nodes.push(node)
  return node
}

afterEach(async () => {
  for (const node of nodes.reverse()) await node.stop()
  nodes = []
  await link?.close()
  link = null
})

/** Writes that show what was lost and what came twice: a counter, and a list in order. */
async function write(node: Node, from: number, count: number): Promise<void> {
  for (let at = from; at < from + count; at += PIPELINE) {
    const batch = node.client.pipeline()
    for (let i = at; i < at + PIPELINE; i += 2) batch.incr('counter').rpush('list', i)
    await batch.exec()
  }
}

async function expectEqual(replica: Node, master: Node): Promise<void> {
  await expect.poll(async () => (await replica.offset()) === (await master.offset()), PATIENCE).toBe(true)
  for (const words of [
    ['GET', 'counter'],
    ['LRANGE', 'list', '0', '-1'],
  ])
    expect(await replica.ask(...words)).toEqual(await master.ask(...words))
}

async function followByLink(replica: Node, master: Node): Promise<CuttableLink> {
  const way = await CuttableLink.to(master.port)
  link = way
  await replica.ask('REPLICAOF', '127.0.0.1', way.port)
  await eventually(() => replica.field('replication', 'master_link_status'), 'up')
  return way
}

describeWithOracle('a link that is cut under load', () => {
  test.each(pairs)('is resumed where it was; master %s, replica %s', async (makeOfMaster, makeOfReplica) => {
    const master = await start(makeOfMaster, { 'repl-backlog-size': '16mb' })
    const replica = await start(makeOfReplica)
    const way = await followByLink(replica, master)
    await write(master, 0, WRITES / 2)
    const load = write(master, WRITES / 2, WRITES)
    way.cut()
    await load
    expect(await master.ask('GET', 'counter')).toBe(String(WRITES * 0.75))
    way.mend()
    await eventually(() => replica.field('replication', 'master_link_status'), 'up')
    await expectEqual(replica, master)
    const [full, partial] = await master.synchronizations()
    expect(full).toBe(1)
    expect(partial).toBeGreaterThanOrEqual(1)
  })

  test.each(pairs)(
    'beyond the backlog begins anew; master %s, replica %s',
    async (makeOfMaster, makeOfReplica) => {
      const master = await start(makeOfMaster, { 'repl-backlog-size': '64kb' })
      const replica = await start(makeOfReplica)
      const way = await followByLink(replica, master)
      way.cut()
      await write(master, 0, WRITES / 2)
      const load = write(master, WRITES / 2, WRITES / 2)
      way.mend()
      await eventually(() => replica.field('replication', 'master_link_status'), 'up')
      await load
      await expectEqual(replica, master)
      expect((await master.synchronizations())[0]).toBeGreaterThanOrEqual(2)
    },
  )
})

describeWithOracle('when a replica is promoted', () => {
  const makes: readonly (readonly [old: Make, promoted: Make, sibling: Make])[] = [
    ['redstart', 'redstart', 'redstart'],
    ['redis', 'redstart', 'redis'],
    ['redstart', 'redis', 'redstart'],
  ]

  test.each(makes)('its sibling and its old master go on: %s, %s, %s', async (...each) => {
    const [old, promoted, sibling] = [await start(each[0]), await start(each[1]), await start(each[2])]
    await promoted.follow(old)
    await sibling.follow(old)
    await write(old, 0, 2000)
    await expectEqual(promoted, old)
    await expectEqual(sibling, old)
    await promoted.ask('REPLICAOF', 'NO', 'ONE')
    await write(promoted, 2000, 1000)
    await sibling.follow(promoted)
    await old.follow(promoted)
    await write(promoted, 3000, 1000)
    await expectEqual(sibling, promoted)
    await expectEqual(old, promoted)
    expect(await promoted.synchronizations()).toEqual([0, 2])
  })
})
