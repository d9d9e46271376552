import type { Transport } from '../server/engine/session.js'
import type { Wire } from '../server/lib/network.js'

/** What the session of our master stands on. It is never answered: what is sent there, the link sends itself. */
export class LinkTransport implements Transport {
  readonly kind = 'tcp'
  readonly local = false
  readonly address: string
  readonly localAddress: string
  readonly fd: number
  readonly queryBytes = 0
  readonly argumentBytes = 0
  readonly queryCapacity = 0
  readonly queryRoom = 0
  readonly outputBytes = 0
  readonly outputChunks = 0
  readonly replyBuffer = 0
  readonly replyBufferPeak = 0
  readonly bytesReceived = 0
  readonly bytesSent = 0

  /** `goOn`: what waits in the session may run. */
  constructor(
    private readonly wire: Wire,
    private readonly goOn: () => void,
  ) {
    this.address = wire.remoteAddress
    this.localAddress = wire.localAddress
    this.fd = wire.fd
  }

  finish(): void {
    this.wire.destroy()
  }

  destroy(): void {
    this.wire.destroy()
  }

  wake(): void {
    // Nothing is sent from the session.
  }

  resume(): void {
    this.goOn()
  }

  release(): void {
    this.goOn()
  }
}
