import type { Wire } from '../lib/network.js'

/** A wire without another end: what is written is gone at once. */
export class WireToNowhere implements Wire {
  readonly remoteAddress = ''
  readonly localAddress = ''
  readonly loopback = true
  readonly unix = true
  readonly fd = -1
  readonly pending = 0

  write(): boolean {
    return true
  }

  pause(): void {
    return
  }

  resume(): void {
    return
  }

  keepAlive(): void {
    return
  }

  noDelay(): void {
    return
  }

  end(): void {
    return
  }

  destroy(): void {
    return
  }
}
