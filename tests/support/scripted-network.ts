import { Mem } from '../../server/lib/bytes.js'
import type { Call, Listener, Network, Target, Wire, WireOwner } from '../../server/lib/network.js'

/** A network on which a test is the other side: it sees who is called, answers or does not, and hears what is said. */
export class ScriptedNetwork implements Network {
  /** Calls that were made, in their order, as `host:port`. */
  readonly called: string[] = []
  /** Whether the next call is answered. */
  reachable = true
  /** The wires that were opened, in their order. */
  readonly wires: ScriptedWire[] = []

  listen(): Listener {
    throw new Error('nobody listens here')
  }

  resolve(host: string): Promise<string[]> {
    return Promise.resolve([host])
  }

  connect(
    { host, port }: Target,
    answered: (wire: Wire) => WireOwner,
    failed: (reason: string) => void,
  ): Call {
    this.called.push(`${host}:${port}`)
    if (!this.reachable) {
      failed('connect ECONNREFUSED')
      return { cancel: () => undefined }
    }
    const wire = new ScriptedWire(`${host}:${port}`)
    this.wires.push(wire)
    wire.owner = answered(wire)
    return { cancel: () => undefined }
  }

  get last(): ScriptedWire {
    const wire = this.wires.at(-1)
    if (wire === undefined) throw new Error('nobody was called')
    return wire
  }
}

export class ScriptedWire implements Wire {
  readonly localAddress = '127.0.0.1:1'
  readonly loopback = true
  readonly unix = false
  readonly fd = -1
  readonly pending = 0
  owner: WireOwner | null = null
  /** All that was said and not looked at. */
  heard = Buffer.alloc(0)
  destroyed = false

  constructor(readonly remoteAddress: string) {}

  /** The other side says something. */
  says(text: string): void {
    const bytes = Buffer.from(text, 'latin1')
    this.owner?.received(Mem.copyOf(bytes), 0, bytes.length)
  }

  /** The other side hangs up. */
  hangsUp(): void {
    this.owner?.receivedAll()
  }

  /** What was said since the last time. */
  take(): Buffer {
    const { heard } = this
    this.heard = Buffer.alloc(0)
    return heard
  }

  write(bytes: Uint8Array): boolean {
    this.heard = Buffer.concat([this.heard, bytes])
    return true
  }

  pause(): void {
    // A script says what it says.
  }

  resume(): void {
    // As above.
  }

  noDelay(): void {}
  keepAlive(): void {
    // There is nothing to keep alive.
  }

  end(): void {
    this.destroyed = true
  }

  destroy(): void {
    this.destroyed = true
  }
}
