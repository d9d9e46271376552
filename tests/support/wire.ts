import { ClientLimits } from '../../server/net/limits.js'
import { Connection } from '../../server/net/connection.js'
import { Outbox } from '../../server/net/outbox.js'
import { Mem } from '../../server/lib/bytes.js'
import type { Wire } from '../../server/lib/network.js'
import { HEADROOM } from '../../server/resp/parser.js'
import type { TestEngine } from './engine.js'
import { encodeRequest, type Line } from './request.js'

/** Connections of a test engine whose peers read as much as the test lets them. */
export class TestNet {
  readonly limits: ClientLimits
  readonly outbox: Outbox

  constructor(readonly world: TestEngine) {
    this.limits = new ClientLimits(world.engine)
    this.outbox = new Outbox(world.engine, this.limits)
  }

  connect(): Peer {
    return new Peer(this)
  }

  /** As the heartbeat does it, for a time. */
  async tick(ms: number): Promise<void> {
    const step = 1000 / this.world.engine.config.values.hz
    for (let passed = 0; passed < ms; passed += step) {
      this.world.advance(step)
      this.limits.tick()
    }
    await Promise.resolve()
  }
}

/** A client at the other end. Its kernel takes everything until it is told to take only so much. */
export class Peer implements Wire {
  readonly remoteAddress = '127.0.0.1:50001'
  readonly localAddress = '127.0.0.1:6379'
  readonly loopback = true
  readonly unix = false
  readonly fd = 8
  readonly connection: Connection
  /** Bytes that the kernel still takes before the client reads. */
  room = Infinity
  /** False: the client has been told not to send. */
  reading = true
  ended = false
  destroyed = false
  private readonly taken: Buffer[] = []
  private waiting: Buffer[] = []

  constructor(private readonly net: TestNet) {
    this.connection = new Connection(net.world.engine, this, net.outbox)
  }

  /** Sends a command and lets the turn end. */
  say(...lines: readonly Line[]): void {
    this.sayBytes(requestBytes(lines))
  }

  /** Sends a few commands; the turn goes on. */
  begin(...lines: readonly Line[]): void {
    this.read(requestBytes(lines))
  }

  /** Bytes, in reads of 64 KB, or to where the connection wants them. */
  sayBytes(bytes: Buffer): void {
    for (let at = 0; at < bytes.length && !this.destroyed;) {
      at += this.connection.room === null ? this.read(bytes.subarray(at, at + 65_536)) : this.fill(bytes, at)
      this.net.world.clock.advance(0)
    }
  }

  private read(part: Buffer): number {
    const mem = Mem.copyOf(Buffer.concat([Buffer.alloc(HEADROOM), part]))
    this.connection.received(mem, HEADROOM, part.length)
    return part.length
  }

  private fill(bytes: Buffer, at: number): number {
    const { mem, start, length } = this.connection.room!
    const count = Math.min(length, bytes.length - at)
    bytes.copy(mem.u8, start, at, at + count)
    this.connection.received(mem, start, count)
    return count
  }

  /** What has come, and forgets it. */
  heard(): string {
    return Buffer.concat(this.taken.splice(0)).toString('latin1')
  }

  /** The client reads all that waits for it. */
  catchUp(room = Infinity): void {
    this.room = room
    while (this.waiting.length > 0) {
      const [first] = this.waiting
      if (first.length > this.room) return
      this.room -= first.length
      this.taken.push(Buffer.from(first))
      this.waiting.shift()
      if (this.waiting.length > 0) continue
      this.connection.drained()
      this.net.world.clock.advance(0)
    }
  }

  get pending(): number {
    return this.waiting.reduce((sum, bytes) => sum + bytes.length, 0)
  }

  write(bytes: Uint8Array): boolean {
    if (this.waiting.length === 0 && bytes.length <= this.room) {
      this.room -= bytes.length
      this.taken.push(Buffer.from(bytes))
      return true
    }
    this.waiting.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    return false
  }

  noDelay(): void {}

  keepAlive(): void {}

  pause(): void {
    this.reading = false
  }

  resume(): void {
    this.reading = true
  }

  end(): void {
    this.ended = true
  }

  destroy(): void {
    this.destroyed = true
  }
}

function requestBytes(lines: readonly Line[]): Buffer {
  return Buffer.concat(lines.map(line => encodeRequest(line)))
}
