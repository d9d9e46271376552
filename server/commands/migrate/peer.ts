/**
 * One connection to a server that keys are moved to: requests go out in one piece, answers come back as lines.
 *
 * Its time runs out when nothing has come or gone for as long as the one who asks is willing to wait.
 */

import type { Clock, Timer } from '../../lib/clock.js'
import type { Mem } from '../../lib/bytes.js'
import type { Network, Target, Wire, WireOwner } from '../../lib/network.js'

/** The other side is gone, or silent. */
export class PeerError extends Error {
  constructor(
    readonly what: 'connecting' | 'writing' | 'reading',
    /** Nobody said no: the time was up. */
    readonly timedOut: boolean,
  ) {
    super(`error or timeout ${what}`)
  }
}

const CRLF = '\r\n'

export class Peer implements WireOwner {
  /** The database that is selected there; -1: nobody knows. */
  database = -1
  /** Unix ms of its last use. */
  usedMs = 0
  private input = ''
  private open = true
  private sent = true
  /** Who waits for a line, or to see that there will be none. */
  private waiter: Waiter | null = null

  private constructor(
    private readonly wire: Wire,
    private readonly clock: Clock,
    private readonly ended: (peer: Peer) => void,
  ) {}

  /** Calls a server. Rejects with a PeerError. `ended` is told once the connection is no more. */
  static connect(
    network: Network,
    clock: Clock,
    target: Target,
    timeoutMs: number,
    ended: (peer: Peer) => void,
  ): Promise<Peer> {
    return new Promise((resolve, reject) => {
      const timer = clock.after(timeoutMs, () => {
        call.cancel()
        reject(new PeerError('connecting', true))
      })
      const call = network.connect(
        target,
        wire => {
          timer.cancel()
          const peer = new Peer(wire, clock, ended)
          resolve(peer)
          return peer
        },
        () => {
          timer.cancel()
          reject(new PeerError('connecting', false))
        },
      )
    })
  }

  send(bytes: Buffer): void {
    this.sent = this.wire.write(bytes)
  }

  /** The next line that comes, without its end. Rejects with a PeerError. */
  line(timeoutMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const arm = (): Timer => this.clock.after(timeoutMs, () => this.fail(true))
      this.waiter = { resolve, reject, arm, timer: arm() }
      if (this.open) this.serve()
      else this.fail(false)
    })
  }

  close(): void {
    this.open = false
    this.wire.destroy()
    this.ended(this)
  }

  received(mem: Mem, start: number, length: number): boolean {
    this.input += Buffer.from(mem.u8.buffer, mem.u8.byteOffset + start, length).toString('latin1')
    this.moved()
    this.serve()
    return false
  }

  drained(): void {
    this.sent = true
    this.moved()
  }

  receivedAll(): void {
    this.closed()
  }

  closed(): void {
    if (!this.open) return
    this.close()
    this.fail(false)
  }

  /** Something goes on: the time begins anew. */
  private moved(): void {
    const { waiter } = this
    if (waiter === null) return
    waiter.timer.cancel()
    waiter.timer = waiter.arm()
  }

  private serve(): void {
    const end = this.input.indexOf(CRLF)
    const { waiter } = this
    if (waiter === null || end < 0) return
    const line = this.input.slice(0, end)
    this.input = this.input.slice(end + CRLF.length)
    this.waiter = null
    waiter.timer.cancel()
    waiter.resolve(line)
  }

  private fail(timedOut: boolean): void {
    const { waiter } = this
    this.waiter = null
    waiter?.timer.cancel()
    waiter?.reject(new PeerError(this.sent ? 'reading' : 'writing', timedOut))
  }
}

interface Waiter {
  readonly resolve: (line: string) => void
  readonly reject: (error: PeerError) => void
  readonly arm: () => Timer
  timer: Timer
}
