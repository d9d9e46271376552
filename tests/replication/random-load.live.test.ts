import { afterEach, expect, test } from 'vitest'
import { seededRandom } from '../../server/lib/random.js'
import { describeWithOracle } from '../support/oracle.js'
import { type Make, Node, writeMuch } from './nodes.js'

/**
 * Chains of servers of both makes under a random load of every type, with expiries and transactions: a full
 * synchronization while it runs, then links that break, and at the end everybody holds the same.
 */

const WRITES = 2000
const PATIENCE = { timeout: 8_000, interval: 50 }

const chains: readonly (readonly [Make, ...Make[]])[] = [
  ['redis', 'redstart'],
  ['redstart', 'redis'],
  ['redstart', 'redstart'],
  ['redis', 'redstart', 'redis'],
  ['redstart', 'redis', 'redstart'],
  ['redstart', 'redstart', 'redis'],
]

let nodes: Node[] = []

afterEach(async () => {
  for (const node of nodes.reverse()) await node.stop()
  nodes = []
})

/** Everybody has come as far as the master, which writes no more, and holds the same. */
async function expectEqual(): Promise<void> {
  const [master, ...replicas] = nodes
  for (const replica of replicas) {
    await expect.poll(async () => (await replica.offset()) === (await master.offset()), PATIENCE).toBe(true)
  }
  // Keys may be dying: who asks at different moments gets different answers until the master has said so.
  const readCounts = master.make === 'redstart'
  const all = (): Promise<string[][]> => Promise.all(nodes.map(node => node.contents(readCounts)))
  let seen: string[][] = []
  const kinds = async (): Promise<number> => {
    seen = await all()
    return new Set(seen.map(lines => lines.join('\n'))).size
  }
  await expect
    .poll(kinds, PATIENCE)
    .toBe(1)
    .catch(() => undefined)
  const [wanted, ...others] = seen
  for (const lines of others) expect(lines).toEqual(wanted)
}

describeWithOracle('a chain under load', () => {
  for (const [round, makes] of chains.entries()) {
    for (const diskless of ['yes', 'no']) {
      test(`${makes.join(' <- ')}, diskless: ${diskless}`, async () => {
        const random = seededRandom(100 + round)
        for (const make of makes)
          nodes.push(
            await Node.start(make, { 'repl-diskless-sync': diskless, 'repl-ping-replica-period': '3600' }),
          )
        const [master] = nodes
        await writeMuch(master, random, WRITES)
        const load = writeMuch(master, random, WRITES)
        for (let i = 1; i < nodes.length; i++) await nodes[i].follow(nodes[i - 1])
        await load
        await expectEqual()

        const again = writeMuch(master, random, WRITES)
        for (const node of nodes.slice(0, -1)) await node.ask('CLIENT', 'KILL', 'TYPE', 'replica')
        await again
        await expectEqual()
        for (const node of nodes.slice(0, -1)) {
          const [full, partial] = await node.synchronizations()
          expect(full).toBe(1)
          expect(partial).toBeGreaterThanOrEqual(1)
        }
      }, 60_000)
    }
  }
})
