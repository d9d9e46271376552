import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { until } from './target.js'

/** A client that keeps to nothing: it sends bytes, and keeps the bytes that come. */
export class Attacker implements Disposable {
  /** The server has ended the connection, or broken it off. */
  gone = false
  bytesHeard = 0
  private chunks: Buffer[] = []

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.bytesHeard += chunk.length
      this.chunks.push(chunk)
    })
    for (const event of ['end', 'close', 'error']) socket.on(event, () => (this.gone = true))
  }

  static async open(port: number): Promise<Attacker> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).setNoDelay(true)
    await once(socket, 'connect')
    return new Attacker(socket)
  }

  /** Resolves when the system has taken the bytes. */
  async send(bytes: string | Buffer): Promise<void> {
    this.socket.write(bytes, 'latin1')
    await until(() => this.socket.writableLength === 0 || this.gone)
  }

  /** All that has come, one character per byte. */
  get heard(): string {
    return this.bytes.toString('latin1')
  }

  get bytes(): Buffer {
    const all = Buffer.concat(this.chunks)
    this.chunks = [all]
    return all
  }

  /** Resolves to all that has come when it is so many bytes, or more, or when no more will come. */
  async hears(bytes: number, patienceMs?: number): Promise<string> {
    await until(() => this.bytesHeard >= bytes || this.gone, patienceMs)
    return this.heard
  }

  /** Sends a command that is answered, and resolves to what came since then, without the answer. */
  async answersTo(bytes: string | Buffer): Promise<string> {
    const from = this.bytesHeard
    const mark = `+${from}.\r\n`
    await this.send(bytes)
    await this.send(`*2\r\n$4\r\nECHO\r\n$${mark.length}\r\n${mark}\r\n`)
    const echo = `$${mark.length}\r\n${mark}\r\n`
    await until(() => this.gone || this.heard.endsWith(echo))
    return this.heard.slice(from).replace(echo, '')
  }

  async ended(): Promise<void> {
    await until(() => this.gone)
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

/** The words of a request, on the wire. */
export function request(...words: readonly (string | Buffer)[]): Buffer {
  return requestOf(words)
}

export function requestOf(words: readonly (string | Buffer)[]): Buffer {
  const parts = words.map(word => (typeof word === 'string' ? Buffer.from(word, 'latin1') : word))
  const bulks = parts.flatMap(part => [Buffer.from(`$${part.length}\r\n`), part, CRLF])
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...bulks])
}

const CRLF = Buffer.from('\r\n')
