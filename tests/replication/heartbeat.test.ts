import { describe, expect, test } from 'vitest'
import { Pace } from '../../replication/pace.js'
import { testEngine } from '../support/engine.js'
import { encodeRequest } from '../support/request.js'
import { until } from '../support/until.js'
import { PoliteMaster } from './polite-master.js'
import { TestMaster } from './test-master.js'

/** How often master and replica tell each other that they live, by the clock of the simulator. */

describe('by the virtual clock', () => {
  test('a master says PING every 10 s in the stream, and 100 times in 1000 s', async () => {
    const master = new TestMaster()
    const { world } = master
    const replica = await master.replica()
    const at: number[] = []
    for (let second = 0; second < 1000; second++) {
      world.advance(1000)
      replica.peer.say('REPLCONF ACK 0')
      if (replica.take().includes('PING')) at.push(second)
    }
    expect(at).toHaveLength(100)
    for (let i = 1; i < at.length; i++) expect(at[i] - at[i - 1]).toBe(10)
  })

  test('a replica says REPLCONF ACK every second, and 100 times in 100 s', async () => {
    const network = new PoliteMaster()
    const world = testEngine({ network })
    world.ask('REPLICAOF 127.0.0.1 1')
    await until(world, () => network.heard.some(line => line.startsWith('REPLCONF ACK')))
    network.heard.length = 0
    for (let tenth = 1; tenth <= 1000; tenth++) {
      world.advance(100)
      const seconds = Math.floor(tenth / 10)
      if (tenth % 100 === 0) network.say(encodeRequest('PING'))
      expect(Math.abs(network.heard.length - seconds)).toBeLessThanOrEqual(1)
    }
    expect(network.heard.every(line => line.startsWith('REPLCONF ACK'))).toBe(true)
    expect(Math.abs(network.heard.length - 100)).toBeLessThanOrEqual(1)
  })
})

describe('a pace', () => {
  test('is kept on average by looks that come late', () => {
    const pace = new Pace()
    let due = 0
    for (let nowMs = 0; nowMs < 1_000_000; nowMs += 107) if (pace.isDue(nowMs, 1000)) due++
    expect(due).toBe(1000)
  })

  test('does not make up for what was missed', () => {
    const pace = new Pace()
    expect(pace.isDue(0, 1000)).toBe(true)
    expect(pace.isDue(50_000, 1000)).toBe(true)
    expect(pace.isDue(50_999, 1000)).toBe(false)
    expect(pace.isDue(51_000, 1000)).toBe(true)
  })
})
