/**
 * The master's side of replication: who follows us, how far they are, and what they are sent.
 *
 * Commands only leave their mark; what follows from it happens at the end of the turn (the stream goes out, a snapshot
 * begins) and at the tick (heartbeats, timeouts, the end of a backlog that nobody needs).
 *
 * The backlog, and with it the counting of offsets, begins with the first replica: a server that nobody follows pays
 * nothing. As nobody can know what was written before, a new history begins then.
 */

import type { Engine } from '../server/engine/engine.js'
import { EngineAlert } from '../server/engine/gates.js'
import { RoomKey } from '../server/engine/rooms.js'
import { type Session, SessionAlert } from '../server/engine/session.js'
import { FAILOVER } from './failover.js'
import { FullSyncs } from './full-sync.js'
import { begun, type History, judge, refusalOf, renamed, type Place, type Verdict } from './history.js'
import { type Introduction, Replica, type ReplicaObserver } from './replica.js'
import type { Landmark } from './restart.js'
import { Pace } from './pace.js'
import { ReplicationStream } from './stream.js'

const SECOND_MS = 1000

/** Synchronizations, full, partial and refused ones; bytes sent to replicas. */
export const NOTHING_COUNTED = { full: 0, partial: 0, partialRefused: 0, sentBytes: 0 }

export class Master implements ReplicaObserver {
  /** Null while nobody follows, or has followed lately. */
  stream: ReplicationStream | null = null
  readonly replicas = new Set<Replica>()
  /** Where in the history we began to write it ourselves; null while it is another's, or nobody counts. */
  ledFrom: number | null = null
  /** The database that the stream speaks of at present, when it is our master's. */
  streamDb = 0
  readonly counts = { ...NOTHING_COUNTED }
  readonly fullSyncs: FullSyncs
  private readonly introductions = new WeakMap<Session, Introduction>()
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

  /** Replicas that have lately said that they are with us. */
  get good(): number {
    const { minReplicasMaxLag } = this.engine.config.values
    return this.count(replica => this.lagSeconds(replica) <= minReplicasMaxLag)
  }

  /** How long ago it has confirmed anything. */
  lagMs({ ackMs }: Replica): number {
    return this.engine.nowMs - ackMs
  }

  lagSeconds(replica: Replica): number {
    return Math.floor(this.lagMs(replica) / SECOND_MS)
  }

  /** Replicas online of which this holds. */
  count(holds: (replica: Replica) => boolean): number {
    let count = 0
    for (const replica of this.replicas) if (replica.state === 'online' && holds(replica)) count++
    return count
  }

  /** What a client has said of itself, in case it becomes a replica. */
  introduction(session: Session): Introduction {
    const known = this.introductions.get(session)
    if (known !== undefined) return known
    const fresh = { port: 0, ip: '', capabilities: new Set<string>(), snapshotOnly: false }
    this.introductions.set(session, fresh)
    return fresh
  }

  // Synchronization -----------------------------------------------------------------------------------------

  /** Makes the session a replica. `asked`: where it wants to go on; null: it speaks SYNC. */
  synchronize(session: Session, asked: Place | null): void {
    const { log } = this.engine
    const replica = this.enlist(session, asked !== null)
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
    if (!(replica instanceof Replica)) return
    replica.ackMs = this.engine.nowMs
    replica.ackOffset = Math.max(replica.ackOffset, offset)
    if (diskOffset !== null) replica.diskOffset = Math.max(replica.diskOffset, diskOffset)
    if (replica.state === 'settling') replica.enter('online')
    this.judgeGood()
    for (const tell of this.engine.onConfirmed) tell()
  }

  /** Somebody waits to know how far the replicas are. */
  requestAcks(): void {
    this.wantsAcks = true
    this.engine.wantTurn()
  }

  private enlist(session: Session, modern: boolean): Replica {
    const now = () => this.engine.nowMs
    const introduction = this.introduction(session)
    const replica = new Replica(session, introduction, modern, now, this)
    session.class = 'replica'
    session.set(SessionAlert.replica, true)
    session.feed = replica
    this.replicas.add(replica)
    return replica
  }

  sent(bytes: number): void {
    this.counts.sentBytes += bytes
  }

  gone(replica: Replica): void {
    this.engine.log.warning(`Connection with replica ${replica.name} lost.`)
    this.replicas.delete(replica)
    this.fullSyncs.remove(replica)
    this.aloneSinceMs = this.engine.nowMs
    this.judgeGood()
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
    this.judgeGood()
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
    this.dropReplicas()
    stream.beginText()
    engine.journal.attach(stream)
    this.aloneSinceMs = engine.nowMs
  }

  /** Our data is about to go: what we held of the history says nothing any more. */
  forget(): void {
    this.dropReplicas()
    this.stream = null
    this.ledFrom = null
    this.restingOffset = 0
    this.history = begun(this.engine.freshName())
  }

  /** All our data is this of another's history. */
  adopt(replid: string, offset: number): void {
    this.dropReplicas()
    this.stream = new ReplicationStream(this.engine, offset)
    this.history = begun(replid)
  }

  /** The history that we follow has another name from here on; '': the same. */
  rename(replid: string): void {
    this.ledFrom = null
    if (replid === '' || replid === this.history.replid) return
    this.history = renamed(this.history, replid, this.offset)
    this.dropReplicas()
  }

  /** They ask again, and are told what has become of the history. */
  private dropReplicas(): void {
    for (const { session } of [...this.replicas]) this.engine.kill(session)
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
    for (const replica of replicas) {
      if (replica.spoiled) this.turnAway(replica)
      else if (replica.waiting > 0) replica.session.transport.wake()
    }
    if (replicas.size === 0) this.aloneSinceMs ||= engine.nowMs
  }

  tick(): void {
    const { nowMs } = this.engine
    this.fullSyncs.consider()
    this.ping(nowMs)
    if (!this.beats.isDue(nowMs, SECOND_MS)) return
    for (const replica of this.replicas) this.lookAfter(replica, nowMs)
    this.judgeGood()
    this.forgetOldBacklog(nowMs)
  }

  /** Keeps the alert of the gate that refuses writes. */
  judgeGood(): void {
    const { engine } = this
    const { minReplicasToWrite: wanted, minReplicasMaxLag } = engine.config.values
    const lacking = engine.role === 'master' && wanted > 0 && minReplicasMaxLag > 0 && this.good < wanted
    engine.setAlert(EngineAlert.replicas, lacking)
  }

  private ping(nowMs: number): void {
    const periodMs = this.engine.config.values.replPingReplicaPeriod * SECOND_MS
    if (this.engine.role !== 'master' || this.stream === null || this.replicas.size === 0) return
    if (this.engine.rooms.get(FAILOVER).underway) return
    if (!this.pings.isDue(nowMs, periodMs)) return
    this.stream.ping()
    this.engine.wantTurn()
  }

  private lookAfter(replica: Replica, nowMs: number): void {
    const { state, stuckSinceMs } = replica
    const limitMs = this.engine.config.values.replTimeout * SECOND_MS
    if (state === 'waiting' || state === 'snapshot') replica.say('\n')
    else if (state === 'transfer' || state === 'direct') {
      if (stuckSinceMs !== null && nowMs - stuckSinceMs > limitMs)
        this.drop(replica, 'Disconnecting timedout replica (full sync)')
    } else if (replica.modern && nowMs - replica.ackMs > limitMs) {
      this.drop(replica, 'Disconnecting timedout replica (streaming sync)')
    }
  }

  /** One that asks for answers does not know what it is here. */
  private turnAway(replica: Replica): void {
    const command = replica.session.lastCommand?.command.fullName ?? ''
    const { refusal } = replica
    if (refusal !== null) {
      this.engine.log.warning(
        `== CRITICAL == This master is sending an error to its replica: '${refusal}' after processing the command '${command}'`,
      )
    }
    this.drop(replica, `Replica generated a reply to command '${command}', disconnecting it`)
  }

  private drop(replica: Replica, why: string): void {
    this.engine.log.warning(`${why}: ${replica.name}`)
    this.engine.kill(replica.session)
  }

  private forgetOldBacklog(nowMs: number): void {
    const ttlMs = this.engine.config.values.replBacklogTtl * SECOND_MS
    if (this.stream === null || this.replicas.size > 0 || ttlMs === 0 || this.engine.role !== 'master') return
    if (nowMs - this.aloneSinceMs > ttlMs) this.closeStream(this.stream)
  }
}

export const MASTER = new RoomKey<Master>('master side of replication')
