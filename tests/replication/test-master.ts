import { testEngine } from '../support/engine.js'
import { type Peer, TestNet } from '../support/wire.js'

/** A master in a world of its own, connections to it, and replicas that say how far they are when told to. */

export class TestMaster {
  readonly world
  private readonly net
  readonly client

  constructor(config: Readonly<Record<string, string>> = {}) {
    this.world = testEngine({ config: { 'repl-diskless-sync-delay': '0', ...config } })
    this.net = new TestNet(this.world)
    this.client = this.net.connect()
  }

  connect(): Peer {
    return this.net.connect()
  }

  /** A replica that is online. */
  async replica(): Promise<TestReplica> {
    const peer = this.net.connect()
    peer.say('REPLCONF capa eof capa psync2')
    peer.say('PSYNC ? -1')
    let heard = peer.heard()
    for (let tries = 0; !/\$EOF:(\w{40})[^]*\1/.test(heard); tries++) {
      if (tries > 1000) throw new Error(`the snapshot never came: ${heard}`)
      this.world.advance(10)
      await new Promise(resolve => setImmediate(resolve))
      heard += peer.heard()
    }
    const replica = new TestReplica(peer, Number(/\+FULLRESYNC \w+ (\d+)/.exec(heard)![1]))
    replica.confirm()
    return replica
  }
}

export class TestReplica {
  constructor(
    readonly peer: Peer,
    private offset: number,
  ) {}

  /** What of the stream has come. */
  take(): string {
    const heard = this.peer.heard()
    this.offset += heard.length
    return heard
  }

  confirm(): void {
    this.take()
    this.peer.say(`REPLCONF ACK ${this.offset}`)
  }
}
