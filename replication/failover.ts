/**
 * FAILOVER: the master hands its role over to a replica, and nothing that a client was told is lost.
 *
 *      no-failover ----> waiting-for-sync ----> failover-in-progress ----> no-failover, as a replica
 *           ^                    |                        |
 *           '--------------------'                        |
 *           '---------------------------------------------'
 *              given up: a master as before
 *
 *  - waiting-for-sync: writes are paused, so the offset stands still (no PING either), until a replica says that it has
 *    all of it. The time that is allowed for that may run out: then it is given up, or, by FORCE, gone on with: what
 *    the replica has not got is lost.
 *  - failover-in-progress: we follow the replica, and tell it with `PSYNC <replid> <offset> FAILOVER` to lead. At no
 *    moment there are two masters: we have stepped down before it hears of that. It lets us go on from where we are;
 *    if it refuses, we lead again.
 *
 * Clients stay paused to the end, so that their writes fail or succeed at one place.
 *
 * What it does not promise: an end. A target that never answers leaves a pair of replicas, until FAILOVER ABORT.
 */

import type { MasterAddress } from '../server/config/kinds/lists.js'
import type { Engine } from '../server/engine/engine.js'
import { RoomKey } from '../server/engine/rooms.js'
import type { Follower } from './follower.js'
import type { Master } from './master.js'
import type { Replica } from './replica.js'

export type FailoverState = 'no-failover' | 'waiting-for-sync' | 'failover-in-progress'

export interface FailoverPlan {
  /** Null: whoever is the first to have all. */
  readonly target: MasterAddress | null
  /** Ms that a replica may take to catch up; Infinity: as long as it takes. */
  readonly timeoutMs: number
  /** Goes on when that time is over. */
  readonly force: boolean
}

/** What to do while a replica is to catch up. */
export type Step = 'wait' | 'hand over' | 'force' | 'give up'

export function nextStep(caughtUp: boolean, leftMs: number, force: boolean): Step {
  if (leftMs <= 0) return force ? 'force' : 'give up'
  return caughtUp ? 'hand over' : 'wait'
}

export class Failover {
  state: FailoverState = 'no-failover'
  private target: MasterAddress | null = null
  private force = false
  /** Monotonic ms. */
  private deadlineMs = Infinity

  constructor(
    private readonly engine: Engine,
    private readonly master: Master,
    private readonly follower: Follower,
  ) {}

  get underway(): boolean {
    return this.state !== 'no-failover'
  }

  begin({ target, timeoutMs, force }: FailoverPlan): void {
    const { engine } = this
    engine.log.notice(`FAILOVER requested to ${nameOf(target)}.`)
    this.target = target
    this.force = force
    this.deadlineMs = engine.nowMs + timeoutMs
    // The last word of the stream: who has heard it answers at once, else within a second.
    this.master.stream?.askHowFar()
    this.state = 'waiting-for-sync'
    engine.pause.begin('failover', 'write', Infinity)
  }

  /** Stays, or becomes again, what it was. */
  abort(reason: string): void {
    const { log } = this.engine
    if (!this.underway) return
    log.notice(`FAILOVER to ${nameOf(this.target)} aborted: ${reason}`)
    if (this.state === 'failover-in-progress') this.follower.lead()
    this.end()
  }

  /** Looks whether a replica has caught up. Not to be called in the middle of a command of one: roles may change. */
  consider(): void {
    if (this.state !== 'waiting-for-sync') return
    const { log, nowMs } = this.engine
    const replica = this.candidate()
    switch (nextStep(replica !== null, this.deadlineMs - nowMs, this.force)) {
      case 'wait':
        return
      case 'give up':
        return this.abort('Replica never caught up before timeout')
      case 'force':
        log.notice(`Failover to ${nameOf(this.target)} time out exceeded, failing over.`)
        return this.handOver()
      case 'hand over':
        this.target ??= addressOf(replica)
        log.notice(`Failover target ${nameOf(this.target)} is synced, failing over.`)
        return this.handOver()
    }
  }

  /** What the target said when it was told to lead. */
  answered(accepted: boolean): void {
    if (this.state !== 'failover-in-progress') return
    if (accepted) this.end()
    else this.abort('Failover target rejected psync request')
  }

  /** A replica at this address, as it wants to be known. */
  find({ host, port }: MasterAddress): Replica | null {
    for (const replica of this.master.replicas) {
      if (replica.introduction.port === port && replica.ip.toLowerCase() === host.toLowerCase())
        return replica
    }
    return null
  }

  /** The target, or anyone when there is none, if it has all. */
  private candidate(): Replica | null {
    const { master, target } = this
    const candidates = target === null ? [...master.replicas] : [this.find(target)]
    return (
      candidates.find(replica => replica?.state === 'online' && replica.ackOffset === master.offset) ?? null
    )
  }

  private handOver(): void {
    const { target } = this
    if (target === null) return
    this.state = 'failover-in-progress'
    this.follower.follow(target)
  }

  private end(): void {
    this.state = 'no-failover'
    this.target = null
    this.engine.pause.end('failover')
  }
}

export const FAILOVER = new RoomKey<Failover>('failover')

function addressOf(replica: Replica | null): MasterAddress | null {
  return replica === null ? null : { host: replica.ip, port: replica.introduction.port }
}

function nameOf(address: MasterAddress | null): string {
  return address === null ? 'any replica' : `${address.host}:${address.port}`
}
