/** Connections to servers that keys were moved to a moment ago: who moves many keys one by one need not call each time. */

import type { Engine } from '../../engine/engine.js'
import { RoomKey } from '../../engine/rooms.js'
import type { Target } from '../../lib/network.js'
import { Peer, PeerError } from './peer.js'

export const PEERS = new RoomKey<Peers>('connections of MIGRATE')

const KEPT_MAX = 64
const KEPT_MS = 10_000

export class Peers {
  /** By `host:port`, the longest unused first. */
  private readonly kept = new Map<string, Peer>()

  constructor(private readonly engine: Engine) {}

  get count(): number {
    return this.kept.size
  }

  /** Rejects with a PeerError. */
  async reach(target: Target, timeoutMs: number): Promise<Peer> {
    const name = `${target.host}:${target.port}`
    const peer = this.kept.get(name) ?? (await this.call(name, target, timeoutMs))
    peer.usedMs = this.engine.clock.wallMs()
    this.kept.delete(name)
    this.kept.set(name, peer)
    return peer
  }

  /** Lets go of those that nobody has used for a while. */
  tick(nowMs: number): void {
    for (const peer of this.kept.values()) if (nowMs - peer.usedMs > KEPT_MS) peer.close()
  }

  close(): void {
    for (const peer of this.kept.values()) peer.close()
  }

  private async call(name: string, target: Target, timeoutMs: number): Promise<Peer> {
    const { network, clock } = this.engine
    if (network === null) throw new PeerError('connecting', false)
    if (this.kept.size >= KEPT_MAX) this.kept.values().next().value?.close()
    return Peer.connect(network, clock, target, timeoutMs, peer => {
      if (this.kept.get(name) === peer) this.kept.delete(name)
    })
  }
}
