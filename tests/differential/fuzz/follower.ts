import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Oracle } from '../../support/oracle.js'
import { type Reply, splitReplies } from '../../support/reply.js'

/**
 * Follows an oracle as a replica would, and keeps what it is told: each command with the database it is meant for. What
 * the master says of itself (PING, REPLCONF) and the choice of databases are left out.
 */

/** What an oracle must be started with: it sends its snapshot at once, from a file, and never loses patience. */
export const FOLLOWED = [
  ...['--repl-diskless-sync', 'no', '--repl-timeout', '100000', '--repl-ping-replica-period', '100000'],
]

export type Effect = readonly [database: number, ...words: string[]]

export class Follower {
  private unread = Buffer.alloc(0)
  private readonly effects: Effect[] = []
  private database = 0
  private wake: () => void = () => undefined

  private constructor(private readonly socket: Socket) {
    socket.on('error', () => undefined)
  }

  static async of(oracle: Oracle): Promise<Follower> {
    const socket = connect(oracle.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('PSYNC ? -1\r\n')
    const follower = new Follower(socket)
    await follower.skipSnapshot()
    return follower
  }

  /** All that came before the message `text` on the channel `channel`; the message is taken too. */
  async until(channel: string, text: string): Promise<readonly Effect[]> {
    for (;;) {
      const at = this.effects.findIndex(
        ([, name, where, what]) => name === 'PUBLISH' && where === channel && what === text,
      )
      if (at >= 0) return this.effects.splice(0, at + 1).slice(0, -1)
      if (this.socket.destroyed) throw new Error('the master has gone')
      await new Promise<void>(resolve => (this.wake = resolve))
    }
  }

  close(): void {
    this.socket.destroy()
  }

  /** `+FULLRESYNC ...`, empty lines as long as it is made, `$length`, and so many bytes. */
  private async skipSnapshot(): Promise<void> {
    let seen = Buffer.alloc(0)
    for (;;) {
      const [chunk] = (await once(this.socket, 'data')) as [Buffer]
      seen = Buffer.concat([seen, chunk])
      const head = /^\+FULLRESYNC [^]*?\r\n\n*\$(\d+)\r\n/.exec(seen.subarray(0, 500).toString('latin1'))
      if (head === null) continue
      const rest = seen.subarray(head[0].length + Number(head[1]))
      if (seen.length < head[0].length + Number(head[1])) continue
      this.take(rest)
      this.socket.on('data', data => this.take(data))
      this.socket.on('close', () => this.wake())
      return
    }
  }

  private take(chunk: Buffer): void {
    const { replies, rest } = splitReplies(Buffer.concat([this.unread, chunk]))
    this.unread = Buffer.from(rest)
    for (const { value } of replies) this.note(value)
    this.wake()
  }

  private note(command: Reply): void {
    const words = command as readonly string[]
    if (words[0] === 'SELECT') this.database = Number(words[1])
    else if (words[0] !== 'PING' && words[0] !== 'REPLCONF') this.effects.push([this.database, ...words])
  }
}
