import { Mem } from '../../server/lib/bytes.js'
import type { Call, Network, Target, Wire, WireOwner } from '../../server/lib/network.js'
import { HEADROOM } from '../../server/resp/parser.js'
import { splitReplies } from '../support/reply.js'
import { lineOf } from '../support/request.js'

const EMPTY = Buffer.concat([Buffer.from('REDIS0010\xff', 'latin1'), Buffer.alloc(8)])

/** What is said to a line that begins like this, in one piece or in two. */
type Answer = readonly [begin: string, answer: readonly [string, Buffer | null]]

/** A master that says what every replica wants to hear, or something else, and notes what it is told. */
export class PoliteMaster implements Network {
  readonly heard: string[] = []
  calls = 0
  private owner: WireOwner | null = null
  private readonly answers: readonly Answer[]

  constructor(...others: readonly Answer[]) {
    this.answers = [...others, ...ANSWERS]
  }

  connect(_target: Target, answered: (wire: Wire) => WireOwner): Call {
    this.calls++
    this.owner = answered(this.wire())
    return { cancel: () => undefined }
  }

  listen(): never {
    throw new Error('nobody listens here')
  }

  resolve(host: string): Promise<string[]> {
    return Promise.resolve([host])
  }

  hangUp(): void {
    this.owner?.closed()
  }

  say(bytes: Uint8Array): void {
    const mem = Mem.copyOf(Buffer.concat([Buffer.alloc(HEADROOM), bytes]))
    this.owner?.received(mem, HEADROOM, bytes.length)
  }

  private hear(bytes: Buffer): void {
    for (const { value } of splitReplies(bytes).replies) {
      const line = lineOf(value as string[])
      this.heard.push(line)
      const [answer, more] = this.answers.find(([begin]) => line.startsWith(begin))?.[1] ?? ['', null]
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

const ANSWERS: readonly Answer[] = [
  ['PING', ['+PONG\r\n', null]],
  ['REPLCONF ACK', ['', null]],
  ['REPLCONF', ['+OK\r\n', null]],
  ['PSYNC', [`+FULLRESYNC ${'a'.repeat(40)} 0\r\n$${EMPTY.length}\r\n`, EMPTY]],
]
