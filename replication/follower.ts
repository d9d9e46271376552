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
import { ROLE_CHANGED } from '../server/resp/errors.js'
import { FAILOVER } from './failover.js'
import type { SyncAnswer } from './handshake.js'
import { resumeLog } from './intake.js'
import { type LinkOwner, type LinkState, MasterLink } from './link.js'
import type { Master } from './master.js'
import { Pace } from './pace.js'
import { OwnKeys } from './own-keys.js'

const SECOND_MS = 1000
/** So often a master that is away is called each second; it may only be starting anew. */
const EAGER_CALLS = 30
const RETRY_MAX_MS = 10_000

/** How long to wait before the next call, after so many in a row that led to nothing. */
function retryDelayMs(failures: number): number {
  if (failures === 0) return 0
  return Math.min(RETRY_MAX_MS, SECOND_MS * Math.max(1, failures - EAGER_CALLS))
}

const TIMEOUTS: Readonly<Record<LinkState, string>> = {
  connecting: 'Timeout connecting to the MASTER...',
  handshake: 'Timeout connecting to the MASTER...',
  transfer:
    "Timeout receiving bulk data from MASTER... If the problem persists try to set the 'repl-timeout' parameter in redis.conf to a larger value.",
  loading: 'Timeout receiving bulk data from MASTER...',
  online: 'MASTER timeout: no data nor PING received...',
}

export class Follower implements LinkOwner {
  address: MasterAddress | null = null
  link: MasterLink | null = null
  /** Bytes that masters have sent. */
  receivedBytes = 0
  readonly ownKeys = new OwnKeys()
  /** Monotonic ms: since when there is no link that is online. */
  downSinceMs = 0
  private watchesOwnKeys = false
  private readonly beats = new Pace()
  /** Calls in a row that led to nothing, and when to call again: monotonic ms. */
  private failures = 0
  private nextCallMs = 0

  constructor(
    private readonly engine: Engine,
    private readonly master: Master,
  ) {}

  get online(): boolean {
    return this.link?.state === 'online'
  }

  /** Follows another server. What we hold stays until that one says that it is not its history. */
  follow(address: MasterAddress): void {
    const { engine } = this
    this.close()
    this.address = address
    this.failures = 0
    this.nextCallMs = 0
    this.downSinceMs = engine.nowMs
    engine.config.replace('replicaof', address)
    engine.role = 'replica'
    engine.keyspace.expiryMode = 'hide'
    engine.waiting.expel(ROLE_CHANGED)
    this.master.stepDown()
    this.judge()
    this.call()
  }

  /** Follows nobody any more: the history goes on under our own name. */
  lead(): void {
    const { engine } = this
    this.address = null
    this.close()
    engine.config.replace('replicaof', null)
    engine.role = 'master'
    this.ownKeys.clear()
    engine.keyspace.expiryMode = 'delete'
    this.master.promote()
    resumeLog(engine)
    this.judge()
  }

  /** The master wants to know how far we are. */
  askedBy(session: Session): void {
    const stream = this.link?.stream ?? null
    if (stream?.session === session) stream.isAsked = true
  }

  tick(): void {
    const { engine, link, address } = this
    const { nowMs } = engine
    this.ownKeys.tick()
    link?.goOnAfterPause()
    if (address === null || !this.beats.isDue(nowMs, SECOND_MS)) return
    if (link === null) {
      if (nowMs >= this.nextCallMs) this.call()
    } else if (link.awaits && nowMs - link.heardMs > engine.config.values.replTimeout * SECOND_MS) {
      link.fail(TIMEOUTS[link.state])
    } else if (link.state === 'loading') {
      link.keepAlive()
    } else {
      link.stream?.trim()
      link.acknowledge()
    }
    this.judge()
  }

  /** Ends the link, and calls nobody before it is told to. */
  close(): void {
    const { link } = this
    this.link = null
    this.nextCallMs = Infinity
    link?.close()
  }

  /** Keeps the alerts of the gates. */
  judge(): void {
    const { engine } = this
    const { replicaReadOnly, replicaServeStaleData } = engine.config.values
    const follows = this.address !== null
    this.watchOwnKeys(follows && !replicaReadOnly)
    engine.setAlert(EngineAlert.readOnly, follows && replicaReadOnly)
    engine.setAlert(EngineAlert.stale, follows && !this.online && !replicaServeStaleData)
    this.master.judgeGood()
  }

  private watchOwnKeys(on: boolean): void {
    const { changes } = this.engine
    if (on === this.watchesOwnKeys) return
    this.watchesOwnKeys = on
    if (on) changes.observe(this.ownKeys)
    else changes.unobserve(this.ownKeys)
  }

  private call(): void {
    const { engine, address } = this
    // A link that was given up may still be loading: its keys must not fall among those of the next. And at the start
    // the files of our own data are made, which a snapshot of the master's will replace.
    if (address === null || engine.network === null || loadingOf(engine).underway) return
    engine.log.notice(`Connecting to MASTER ${address.host}:${address.port}`)
    engine.log.notice('MASTER <-> REPLICA sync started')
    this.link = new MasterLink(engine, engine.network, address, this.master, this)
  }

  // As the owner of the link ----------------------------------------------------------------------------------

  get handsOver(): boolean {
    return this.engine.rooms.get(FAILOVER).underway
  }

  answered(kind: SyncAnswer['kind']): void {
    this.engine.rooms.get(FAILOVER).answered(kind === 'continue' || kind === 'full')
  }

  received(bytes: number): void {
    this.receivedBytes += bytes
  }

  /** One that was online is called again at once: the longer we wait, the more is missing. */
  ended(link: MasterLink): void {
    const { engine } = this
    if (this.link !== link) return
    this.link = null
    if (link.state === 'online' && !link.isNonsense) {
      this.failures = 0
      this.downSinceMs = engine.nowMs
    } else if (link.wasCut) this.failures = 1
    else this.failures++
    this.nextCallMs = engine.nowMs + retryDelayMs(this.failures)
    if (this.failures === 0 && this.address !== null) {
      engine.log.notice(`Reconnecting to MASTER ${this.address.host}:${this.address.port}`)
      this.call()
    }
    this.judge()
  }
}

export const FOLLOWER = new RoomKey<Follower>('replica side of replication')
