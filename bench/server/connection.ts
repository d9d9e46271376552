import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import Parser from 'redis-parser'

export type Reply = string | number | null | Reply[]

interface Exchange {
  /** How many replies are still to come. */
  left: number
  readonly resolve: (lastReply: Reply) => void
  readonly reject: (error: Error) => void
}

/**
 * One connection, one exchange at a time: some bytes out, a known number of replies back. It reads with
 * redis-parser and not with our own reader, so that a fault of ours cannot hide itself.
 */
export class Connection {
  private readonly socket: Socket
  private exchange: Exchange | null = null

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new Connection(socket)
  }

  private constructor(socket: Socket) {
    this.socket = socket
    const parser = new Parser({
      returnReply: (reply: Reply) => this.receive(reply),
      returnError: error => this.fail(error),
    })
    socket.on('data', chunk => parser.execute(chunk))
    socket.on('error', error => this.fail(error))
    socket.on('close', () => this.fail(new Error('the server closed the connection')))
  }

  /** Sends one command and gives its reply. An error reply rejects. */
  call(...words: readonly string[]): Promise<Reply> {
    return this.send(Buffer.from(encodeCommand(words), 'latin1'), 1)
  }

  /** Sends bytes and waits for `replies` replies; gives the last. The bytes are free again after that. */
  send(bytes: Buffer, replies: number): Promise<Reply> {
    if (this.exchange !== null) throw new Error('an exchange is under way on this connection')
    return new Promise((resolve, reject) => {
      this.exchange = { left: replies, resolve, reject }
      this.socket.write(bytes)
    })
  }

  close(): void {
    this.exchange = null
    this.socket.destroy()
  }

  private receive(reply: Reply): void {
    const exchange = this.exchange
    if (exchange === null || --exchange.left > 0) return
    this.exchange = null
    exchange.resolve(reply)
  }

  private fail(error: Error): void {
    const exchange = this.exchange
    this.exchange = null
    exchange?.reject(error)
  }
}

/** A command as RESP. Its words are one byte per character. */
export function encodeCommand(words: readonly string[]): string {
  return `*${words.length}\r\n` + words.map(word => `$${word.length}\r\n${word}\r\n`).join('')
}
