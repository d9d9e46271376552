import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Received, splitReplies } from './reply.js'
import { encodeRequest, type Line } from './request.js'

/** A connection that keeps the bytes of every reply: what the differential tests compare. */
export class RawLink {
  private unread: Received[] = []
  private partial = Buffer.alloc(0)
  private wake: () => void = () => undefined

  private constructor(private readonly socket: Socket) {
    socket.on('data', chunk => {
      const { replies, rest } = splitReplies(Buffer.concat([this.partial, chunk]))
      this.unread.push(...replies)
      this.partial = Buffer.from(rest)
      this.wake()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => this.wake())
  }

  static async open(port: number): Promise<RawLink> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    await once(socket, 'connect')
    return new RawLink(socket)
  }

  async ask(line: Line): Promise<Received> {
    this.send(line)
    return this.receive()
  }

  send(line: Line): void {
    this.socket.write(encodeRequest(line))
  }

  /** The next reply or message; rejects when the connection ends without one. */
  async receive(): Promise<Received> {
    while (this.unread.length === 0) {
      if (this.socket.destroyed) throw new Error('the connection ended without a reply')
      await new Promise<void>(resolve => (this.wake = resolve))
    }
    return this.unread.shift()!
  }

  /** How many replies and messages have come and were not received yet. */
  get waiting(): number {
    return this.unread.length
  }

  /** The next of those that have come. */
  takeOne(): Received {
    const next = this.unread.shift()
    if (next === undefined) throw new Error('no reply has come')
    return next
  }

  close(): void {
    this.socket.destroy()
  }
}
