/**
 * Those who follow us: who they are, how far each of them is, and whether it is still there.
 *
 * A replica is not believed for what we have sent it, but for what it has confirmed: with every second that it lives, and
 * when it is asked. From that follow the lag that INFO shows, whether enough of them are good for writes to be taken
 * (`min-replicas-to-write`), and that one which says nothing any more is dropped. A replica that is dropped loses nothing:
 * it comes again, and asks to go on from where it is.
 *
 * What they are sent, and of which history it is: master.ts.
 */

import type { Engine } from '../server/engine/engine.js'
import { EngineAlert } from '../server/engine/gates.js'
import { type Session, SessionAlert } from '../server/engine/session.js'
import { type Introduction, Replica, type ReplicaObserver } from './replica.js'

const SECOND_MS = 1000

export class Replicas implements Iterable<Replica> {
  private readonly all = new Set<Replica>()
  private readonly introductions = new WeakMap<Session, Introduction>()

  constructor(private readonly engine: Engine) {}

  get size(): number {
    return this.all.size
  }

  [Symbol.iterator](): Iterator<Replica> {
    return this.all.values()
  }

  /** Those that have lately said that they are with us. */
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
    for (const replica of this.all) if (replica.state === 'online' && holds(replica)) count++
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

  /** The session is one from now on. `modern`: it speaks PSYNC. */
  enlist(session: Session, modern: boolean, observer: ReplicaObserver): Replica {
    const now = () => this.engine.nowMs
    const replica = new Replica(session, this.introduction(session), modern, now, observer)
    session.class = 'replica'
    session.set(SessionAlert.replica, true)
    session.feed = replica
    this.all.add(replica)
    return replica
  }

  remove(replica: Replica): void {
    this.all.delete(replica)
    this.judgeGood()
  }

  /** It has so much of the history, and so much of that on its disk. */
  acknowledge(replica: Replica, offset: number, diskOffset: number | null): void {
    replica.ackMs = this.engine.nowMs
    replica.ackOffset = Math.max(replica.ackOffset, offset)
    if (diskOffset !== null) replica.diskOffset = Math.max(replica.diskOffset, diskOffset)
    if (replica.state === 'settling') replica.enter('online')
    this.judgeGood()
    for (const tell of this.engine.onConfirmed) tell()
  }

  /** Keeps the alert of the gate that refuses writes. */
  judgeGood(): void {
    const { engine } = this
    const { minReplicasToWrite: wanted, minReplicasMaxLag } = engine.config.values
    const lacking = engine.role === 'master' && wanted > 0 && minReplicasMaxLag > 0 && this.good < wanted
    engine.setAlert(EngineAlert.replicas, lacking)
  }

  /** Hands what waits for them over to the network. */
  endTurn(): void {
    for (const replica of this.all) {
      if (replica.spoiled) this.turnAway(replica)
      else if (replica.waiting > 0) replica.session.transport.wake()
    }
  }

  /** Once a second. */
  beat(): void {
    for (const replica of this.all) this.lookAfter(replica, this.engine.nowMs)
    this.judgeGood()
  }

  /** They ask again, and are told what has become of the history. */
  dropAll(): void {
    for (const { session } of [...this.all]) this.engine.kill(session)
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
}
