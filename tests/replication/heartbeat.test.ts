import { describe, expect, test } from 'vitest'
import { Pace } from '../../replication/pace.js'
import type { Call, Network, Target, Wire, WireOwner } from '../../server/lib/network.js'
import { Mem } from '../../server/lib/bytes.js'
import { HEADROOM } from '../../server/resp/parser.js'
import { testEngine } from '../support/engine.js'
import { splitReplies } from '../support/reply.js'
import { encodeRequest, lineOf } from '../support/request.js'
import { until } from '../support/until.js'
import { TestMaster } from './test-master.js'

/** How often master and replica tell each other that they live, by the clock of the simulator. */

const EMPTY = Buffer.concat([Buffer.from('REDIS0010\xff', 'latin1'), Buffer.alloc(8)])

/** A master that says what every replica wants to hear, and notes what it is told. */
class PoliteMaster implements Network {
  readonly heard: string[] = []
  private owner: WireOwner | null = null

  connect(_target: Target, answered: (wire: Wire) => WireOwner): Call {
    this.owner = answered(this.wire())
    return { cancel: () => undefined }
  }

  listen(): never {
    throw new Error('nobody listens here')
  }

  resolve(host: string): Promise<string[]> {
    return Promise.resolve([host])
  }

  say(bytes: Uint8Array): void {
    const mem = Mem.copyOf(Buffer.concat([Buffer.alloc(HEADROOM), bytes]))
    this.owner?.received(mem, HEADROOM, bytes.length)
  }

  private hear(bytes: Buffer): void {
    for (const { value } of splitReplies(bytes).replies) {
      const line = lineOf(value as string[])
      this.heard.push(line)
      const [answer, more] = ANSWERS.find(([begin]) => line.startsWith(begin))?.[1] ?? ['', null]
      queueMicrotask(() => {
        this.say(Buffer.from(answer, 'latin1'))
        if (more !== null) this.say(more)
      })
    }
  }

  private wire(): Wire {
    const ignore = (): void => undefined
    return {
      remoteAddress: '127.0.0.1:1',
      localAddress: '127.0.0.1:2',
      loopback: true,
      unix: false,
      fd: 9,
      pending: 0,
      write: bytes => {
        this.hear(Buffer.from(bytes))
        return true
      },
      ...{ cork: ignore, uncork: ignore, pause: ignore, resume: ignore, noDelay: ignore, keepAlive: ignore },
      ...{ end: ignore, destroy: ignore },
    }
  }
}

const ANSWERS: readonly (readonly [begin: string, answer: readonly [string, Buffer | null]])[] = [
  ['PING', ['+PONG\r\n', null]],
  ['REPLCONF ACK', ['', null]],
  ['REPLCONF', ['+OK\r\n', null]],
  ['PSYNC', [`+FULLRESYNC ${'a'.repeat(40)} 0\r\n$${EMPTY.length}\r\n`, EMPTY]],
]

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
