/**
 * The replica's side of replication: whom we follow, and that there is a link to it.
 *
 * Links come and go; this stays. It calls when there is no link, ends one that has fallen silent, and decides what
 * clients may do meanwhile. The rest is the link's.
 */

import { loadingOf } from '../persistence/loading.js'
import type { MasterAddress } from '../server/config/kinds/lists.js'
import type { Engine } from '../server/engine/engine.js'
import { EngineAlert } from '../server/engine/gates.js'
import { RoomKey } from '../server/engine/rooms.js'
import type { Session } from '../server/engine/session.js'
import { MasterLink } from './link.js'
import type { Master } from './master.js'

const SECOND_MS = 1000

export class Follower {
  address: MasterAddress | null = null
  link: MasterLink | null = null
  /** Monotonic ms: since when there is no link that is online. */
  downSinceMs = 0
  private beatMs = 0

  constructor(
    private readonly engine: Engine,
    private readonly master: Master,
  ) {}

  get online(): boolean {
    return this.link?.state === 'online'
  }

  /** Follows another server. What we hold stays until that one says that it is not its history. */
  follow(address: MasterAddress): void {
    this.close()
    this.address = address
    this.downSinceMs = this.engine.nowMs
    this.engine.role = 'replica'
    this.engine.keyspace.expiryMode = 'hide'
    this.master.stepDown()
    this.judge()
    this.call()
  }

  /** Follows nobody any more: the history goes on under our own name. */
  lead(): void {
    this.address = null
    this.close()
    this.engine.role = 'master'
    this.engine.keyspace.expiryMode = 'delete'
    this.master.promote()
    this.judge()
  }

  /** The master wants to know how far we are. */
  askedBy(session: Session): void {
    if (this.link?.stream?.session === session) this.link.acknowledge()
  }

  tick(): void {
    const { engine, link, address } = this
    const { nowMs } = engine
    if (address === null || nowMs - this.beatMs < SECOND_MS) return
    this.beatMs = nowMs
    if (link === null) this.call()
    else if (nowMs - link.heardMs > engine.config.values.replTimeout * SECOND_MS && link.state !== 'loading')
      link.fail('MASTER timeout: no data nor PING received...')
    else link.acknowledge()
    this.judge()
  }

  close(): void {
    this.link?.close()
  }

  /** Keeps the alerts of the gates. */
  judge(): void {
    const { engine } = this
    const { replicaReadOnly, replicaServeStaleData } = engine.config.values
    const follows = this.address !== null
    this.setAlert(EngineAlert.readOnly, follows && replicaReadOnly)
    this.setAlert(EngineAlert.stale, follows && !this.online && !replicaServeStaleData)
    this.master.judgeGood()
  }

  private setAlert(alert: number, on: boolean): void {
    const { engine } = this
    engine.alert = on ? engine.alert | alert : engine.alert & ~alert
  }

  private call(): void {
    const { engine, address } = this
    // A link that was given up may still be loading: its keys must not fall among those of the next.
    if (address === null || engine.network === null || loadingOf(engine).active) return
    engine.log.notice(`Connecting to MASTER ${address.host}:${address.port}`)
    engine.log.notice('MASTER <-> REPLICA sync started')
    this.link = new MasterLink(engine, engine.network, address, this.master, link => this.lost(link))
  }

  private lost(link: MasterLink): void {
    if (this.link !== link) return
    this.link = null
    this.downSinceMs = this.engine.nowMs
    this.judge()
  }
}

export const FOLLOWER = new RoomKey<Follower>('replica side of replication')
