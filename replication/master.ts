/**
 * The master's side of replication: the history that we write, and what those who follow us (replicas.ts) are sent of it.
 *
 * Commands only leave their mark; what follows from it happens at the end of the turn (the stream goes out, a snapshot
 * begins) and at the tick (heartbeats, timeouts, the end of a backlog that nobody needs).
 *
 * The backlog, and with it the counting of offsets, begins with the first replica: a server that nobody follows pays
 * nothing. As nobody can know what was written before, a new history begins then.
 */

import type { Engine } from '../server/engine/engine.js'
import { RoomKey } from '../server/engine/rooms.js'
import type { Session } from '../server/engine/session.js'
import { FAILOVER } from './failover.js'
import { FullSyncs } from './full-sync.js'
import { begun, type History, judge, refusalOf, renamed, type Place, type Verdict } from './history.js'
import { Replica, type ReplicaObserver } from './replica.js'
import { Replicas } from './replicas.js'
import type { Landmark } from './restart.js'
import { Pace } from './pace.js'
import { ReplicationStream } from './stream.js'

const SECOND_MS = 1000

/** Synchronizations, full, partial and refused ones; bytes sent to replicas. */
export const NOTHING_COUNTED = { full: 0, partial: 0, partialRefused: 0, sentBytes: 0 }

export class Master implements ReplicaObserver {
  /** Null while nobody follows, or has followed lately. */
  stream: ReplicationStream | null = null
  readonly replicas: Replicas
  /** Where in the history we began to write it ourselves; null while it is another's, or nobody counts. */
  ledFrom: number | null = null
  /** The database that the stream speaks of at present, when it is our master's. */
  streamDb = 0
  readonly counts = { ...NOTHING_COUNTED }
  readonly fullSyncs: FullSyncs
  private known: History
  /** Where the stream went on from when it was given up, or will begin. */
  private restingOffset = 0
  private readonly beats = new Pace()
  private readonly pings = new Pace()
  private aloneSinceMs = 0
  private wantsAcks = false
  /** The stream has been opened only for what loading may have to tell. */
  private isProvisional = false

  constructor(private readonly engine: Engine) {
    this.known = begun(engine.replicationId)
    this.replicas = new Replicas(engine)
    this.fullSyncs = new FullSyncs(engine, () => this.place())
  }

  /** DEBUG CHANGE-REPL-ID gives the engine another name. */
  get history(): History {
    const { replicationId } = this.engine
    if (replicationId !== this.known.replid) this.known = begun(replicationId)
    return this.known
  }

  set history(history: History) {
    this.known = history
    this.engine.replicationId = history.replid
  }

  get offset(): number {
    return this.stream?.backlog.end ?? this.restingOffset
  }

  // Synchronization -----------------------------------------------------------------------------------------

  /** Makes the session a replica. `asked`: where it wants to go on; null: it speaks SYNC. */
  synchronize(session: Session, asked: Place | null): void {
    const { log } = this.engine
    const replica = this.replicas.enlist(session, asked !== null, this)
    log.notice(`Replica ${replica.name} asks for synchronization`)
    if (asked !== null && this.goOn(replica, asked)) return
    if (asked?.replid === '?') log.notice(`Full resync requested by replica ${replica.name}`)
    this.counts.full++
    this.openStream()
    this.fullSyncs.add(replica)
  }

  /** It has so much of the history, and so much of that on its disk. */
  acknowledge(session: Session, offset: number, diskOffset: number | null): void {
    const replica = session.feed
    if (replica instanceof Replica) this.replicas.acknowledge(replica, offset, diskOffset)
  }

  /** Somebody waits to know how far the replicas are. */
  requestAcks(): void {
    this.wantsAcks = true
    this.engine.wantTurn()
  }

  sent(bytes: number): void {
    this.counts.sentBytes += bytes
  }

  gone(replica: Replica): void {
    this.engine.log.warning(`Connection with replica ${replica.name} lost.`)
    this.replicas.remove(replica)
    this.fullSyncs.remove(replica)
    this.aloneSinceMs = this.engine.nowMs
  }

  /** True when the replica goes on from where it is. */
  private goOn(replica: Replica, asked: Place): boolean {
    const { stream, history } = this
    const verdict = judge(history, stream?.backlog ?? null, asked)
    if (verdict !== 'continue' || stream === null) {
      this.refuse(replica, asked, verdict)
      return false
    }
    this.counts.partial++
    replica.attach(stream.backlog.readFrom(asked.offset))
    replica.ackOffset = asked.offset
    const newName = replica.introduction.capabilities.has('psync2') ? ` ${history.replid}` : ''
    replica.say(`+CONTINUE${newName}\r\n`)
    replica.enter('online')
    this.replicas.judgeGood()
    this.engine.log.notice(
      `Partial resynchronization request from ${replica.name} accepted. Sending ${stream.backlog.end - asked.offset} ` +
        `bytes of backlog starting from offset ${asked.offset + 1}.`,
    )
    return true
  }

  private refuse({ name }: Replica, asked: Place, verdict: Verdict): void {
    if (asked.replid === '?') return
    this.counts.partialRefused++
    this.engine.log.notice(refusalOf(verdict, this.history, name, asked))
  }

  // The role ------------------------------------------------------------------------------------------------

  /** We follow another: what is written here is no history any more. What we have may yet be a part of its own. */
  stepDown(): void {
    if (this.stream !== null) this.engine.journal.detach(this.stream)
  }

  /** We follow nobody: the history goes on under another name. */
  promote(): void {
    const { stream, engine } = this
    const replid = engine.freshName()
    if (stream === null) {
      this.history = begun(replid)
      return
    }
    this.history = renamed(this.history, replid, stream.backlog.end)
    this.ledFrom = stream.backlog.end
    this.replicas.dropAll()
    stream.beginText()
    engine.journal.attach(stream)
    this.aloneSinceMs = engine.nowMs
  }

  /** Our data is about to go: what we held of the history says nothing any more. */
  forget(): void {
    this.replicas.dropAll()
    this.stream = null
    this.ledFrom = null
    this.restingOffset = 0
    this.history = begun(this.engine.freshName())
  }

  /** All our data is this of another's history. */
  adopt(replid: string, offset: number): void {
    this.replicas.dropAll()
    this.stream = new ReplicationStream(this.engine, offset)
    this.history = begun(replid)
  }

  /** The history that we follow has another name from here on; '': the same. */
  rename(replid: string): void {
    this.ledFrom = null
    if (replid === '' || replid === this.history.replid) return
    this.history = renamed(this.history, replid, this.offset)
    this.replicas.dropAll()
  }

  // Over a restart ------------------------------------------------------------------------------------------

  /** Where in the history our data stands; null when nobody counts. */
  get landmark(): Landmark | null {
    const { stream } = this
    if (stream === null) return null
    const database = this.engine.role === 'master' ? stream.database : this.streamDb
    return { replid: this.history.replid, offset: stream.backlog.end, database }
  }

  /** The data is about to be loaded. What a master finds dead in it has to be told, should there be a history. */
  beginToLoad(): void {
    if (this.engine.role !== 'master') return
    this.openStream()
    this.isProvisional = true
  }

  /** The data that was loaded is this instant of a history. */
  goOnFrom({ replid, offset, database }: Landmark): void {
    const { engine } = this
    if (engine.role === 'replica') {
      this.adopt(replid, offset)
      this.streamDb = database
    } else {
      const stream = this.openStream()
      stream.backlog.rebase(offset)
      this.history = renamed(begun(replid), engine.freshName(), offset)
      this.aloneSinceMs = engine.nowMs
    }
  }

  /** All is loaded. Without a history before there is nothing to go on from. */
  endToLoad(): void {
    const { stream, isProvisional } = this
    this.isProvisional = false
    if (!isProvisional || stream === null || this.history.offset2 >= 0) return
    this.engine.journal.detach(stream)
    this.stream = null
  }

  // The stream ----------------------------------------------------------------------------------------------

  openStream(): ReplicationStream {
    if (this.stream !== null) return this.stream
    const { engine } = this
    this.history = begun(engine.freshName())
    engine.log.notice(
      `Replication backlog created, my new replication IDs are '${engine.replicationId}' and '${this.history.replid2}'`,
    )
    this.stream = new ReplicationStream(engine, this.restingOffset)
    engine.journal.attach(this.stream)
    this.ledFrom = this.restingOffset
    this.pings.begin(engine.nowMs)
    return this.stream
  }

  /** Nobody came back for it. What is written from now on is not counted, so the name must not stay. */
  private closeStream(stream: ReplicationStream): void {
    const { engine } = this
    engine.journal.detach(stream)
    this.restingOffset = stream.backlog.end
    this.stream = null
    this.ledFrom = null
    this.history = begun(engine.freshName())
    const { replBacklogTtl } = engine.config.values
    engine.log.notice(`Replication backlog freed after ${replBacklogTtl} seconds without connected replicas.`)
  }

  private place() {
    const stream = this.openStream()
    const { end } = stream.backlog
    stream.beginText()
    return {
      replid: this.history.replid,
      offset: end,
      database: this.engine.role === 'master' ? 0 : this.streamDb,
      attach: (replica: Replica) => replica.attach(stream.backlog.readFrom(end)),
    }
  }

  /** Hands the stream over to the network. */
  endTurn(): void {
    const { stream, replicas, engine } = this
    if (stream === null) return
    if (
      this.wantsAcks &&
      replicas.size > 0 &&
      engine.role === 'master' &&
      !engine.rooms.get(FAILOVER).underway
    )
      stream.askHowFar()
    this.wantsAcks = false
    this.fullSyncs.consider()
    replicas.endTurn()
    if (replicas.size === 0) this.aloneSinceMs ||= engine.nowMs
  }

  tick(): void {
    const { nowMs } = this.engine
    this.fullSyncs.consider()
    this.ping(nowMs)
    if (!this.beats.isDue(nowMs, SECOND_MS)) return
    this.replicas.beat()
    this.forgetOldBacklog(nowMs)
  }

  private ping(nowMs: number): void {
    const periodMs = this.engine.config.values.replPingReplicaPeriod * SECOND_MS
    if (this.engine.role !== 'master' || this.stream === null || this.replicas.size === 0) return
    if (this.engine.rooms.get(FAILOVER).underway) return
    if (!this.pings.isDue(nowMs, periodMs)) return
    this.stream.ping()
    this.engine.wantTurn()
  }

  private forgetOldBacklog(nowMs: number): void {
    const ttlMs = this.engine.config.values.replBacklogTtl * SECOND_MS
    if (this.stream === null || this.replicas.size > 0 || ttlMs === 0 || this.engine.role !== 'master') return
    if (nowMs - this.aloneSinceMs > ttlMs) this.closeStream(this.stream)
  }
}

export const MASTER = new RoomKey<Master>('master side of replication')
