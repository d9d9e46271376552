import { expect, test, vi } from 'vitest'
import { TestMaster } from './test-master.js'

/** What a replica of ours is sent, in what order, and for how long we wait for it to take that. */

/** Both ask before the snapshot begins. */
const TOGETHER = { 'repl-diskless-sync-delay': '5', 'repl-diskless-sync-max-replicas': '2' }
/** Room for the line of FULLRESYNC, and not for what follows. */
const ANSWER_BYTES = 60

test('a write is on its way to the replica before its client hears that it is done', async () => {
  const master = new TestMaster()
  const { client } = master
  const replica = await master.replica()
  const [answered, streamed] = [vi.spyOn(client, 'write'), vi.spyOn(replica.peer, 'write')]
  client.say('SET a 1')
  expect(client.heard()).toBe('+OK\r\n')
  expect(replica.take()).toContain('SET\r\n$1\r\na\r\n$1\r\n1\r\n')
  expect(streamed.mock.invocationCallOrder[0]).toBeLessThan(answered.mock.invocationCallOrder[0])
})

test('a write takes one turn of the loop, whether the replica takes the stream or not', async () => {
  const master = new TestMaster()
  const replica = await master.replica()
  const { stats } = master.world.engine
  for (const room of [Infinity, 0]) {
    replica.peer.room = room
    const { turns } = stats
    master.client.say('SET a 1')
    expect(stats.turns - turns).toBe(1)
  }
})

test('of two replicas that share a snapshot the stuck one is given up, not the one that has taken all', () => {
  const master = new TestMaster({ ...TOGETHER, 'repl-timeout': '2', 'rdb-key-save-delay': '60000000' })
  for (let i = 0; i < 3; i++) master.client.say(`SET ${i} v`)
  const [quick, stuck] = [master.connect(), master.connect()]
  const given = (): boolean[] => [quick.destroyed, stuck.destroyed]
  for (const peer of [quick, stuck]) peer.say('REPLCONF capa eof capa psync2')
  stuck.room = ANSWER_BYTES
  for (const peer of [quick, stuck]) peer.say('PSYNC ? -1')
  expect(quick.heard()).toContain('$EOF')
  expect(stuck.heard()).not.toContain('$EOF')
  master.world.advance(1900)
  expect(given()).toEqual([false, false])
  master.world.advance(1200)
  expect(given()).toEqual([false, true])
})
