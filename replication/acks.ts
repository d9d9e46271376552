/**
 * CLIENT ACKS: a reply to a write that says more than that the write is done here.
 *
 * With asynchronous replication OK means "this server has it", and a failover a moment later may take it back. WAIT
 * asks afterwards, costs a round trip for each write, and its answer is easily ignored. Here the reply itself waits:
 *
 *     CLIENT ACKS REPLICAS 1 TIMEOUT 500
 *     SET a 1        +OK          one replica has it
 *     SET b 2        -NOREPLACK   not within 500 ms
 *
 * A reply cannot wait alone: those behind it in the pipeline have to stay in order. So the whole session is held, as
 * with `appendfsync always`: what it asked in one turn of the loop runs, its replies are kept, and the replicas are asked
 * once how far they are (REPLCONF GETACK). A pipeline thus pays one round trip to the replicas, not one for each write.
 *
 *     replies of the session:   PONG | OK (SET) | 7 (GET) | 2 (LPUSH) |
 *                                    [ offset 93 )         [ 140      )     ranges that wait for these offsets
 *
 * The range of a reply is found by marks: a gate notes where a command begins to answer, and the next command, or the
 * end of the turn, where it has ended. Whether it wrote is told by the session's places in the history and in the
 * append-only file, which move with its effects. EXEC and a script are one reply, so one range; a client that BLPOP kept
 * waiting passes the gate again when it is served.
 *
 * Too late: the ranges that are not confirmed are replaced by the error, the others stay as they are.
 *
 * What it does not promise. The write is not undone: NOREPLACK means "applied here, and perhaps elsewhere", as a lost
 * connection would. Others can read the write before it is confirmed.
 */

import type { Demand, Written } from '../server/engine/acknowledgements.js'
import type { Engine } from '../server/engine/engine.js'
import type { Gate } from '../server/engine/gates.js'
import { RoomKey } from '../server/engine/rooms.js'
import { type Session, SessionAlert } from '../server/engine/session.js'
import type { Timer } from '../server/lib/clock.js'
import { type CommandError, noReplAck } from '../server/resp/errors.js'

/** A reply that waits: the bytes of it, and what for. */
interface Range extends Written {
  readonly start: number
  readonly end: number
  readonly demand: Demand
  /** Monotonic ms. */
  readonly deadlineMs: number
  /** Why it was given up. */
  failure: CommandError | null
}

/** A session with a demand, and what of it waits. */
class AckClient {
  demand: Demand | null = null
  ranges: Range[] = []
  timer: Timer | null = null
  held = false
  private mark = -1
  private replicatedTo = 0
  private loggedTo = 0

  constructor(readonly session: Session) {}

  /** A command is about to answer. */
  begin(nowMs: number): void {
    this.end(nowMs)
    const { session } = this
    this.mark = session.reply.length
    this.replicatedTo = session.replicatedTo
    this.loggedTo = session.loggedTo
  }

  /** It has: if it wrote, its reply is a range. */
  end(nowMs: number): void {
    const { session, demand, mark } = this
    const { replicatedTo, loggedTo } = session
    this.mark = -1
    if (mark < 0 || demand === null) return
    if (replicatedTo === this.replicatedTo && loggedTo === this.loggedTo) return
    const deadlineMs = demand.timeoutMs === 0 ? Infinity : nowMs + demand.timeoutMs
    this.ranges.push({
      start: mark,
      end: session.reply.length,
      demand,
      deadlineMs,
      replicatedTo,
      loggedTo,
      failure: null,
    })
  }
}

export class Acks {
  private readonly clients = new WeakMap<Session, AckClient>()
  /** Those that ran something in this turn, and those held. */
  private readonly running = new Set<AckClient>()
  private readonly held = new Set<AckClient>()

  constructor(
    private readonly engine: Engine,
    /** Makes sure that the history is counted. */
    private readonly count: () => void,
  ) {}

  demand(session: Session, demand: Demand | null): void {
    const client = this.clientOf(session)
    client.end(this.engine.nowMs)
    client.demand = demand
    session.set(SessionAlert.acks, demand !== null)
  }

  /** A command of the session begins. */
  begin(session: Session): void {
    this.count()
    const client = this.clientOf(session)
    client.begin(this.engine.nowMs)
    this.running.add(client)
  }

  /** What the turn wrote waits from now on. */
  endTurn(): void {
    if (this.running.size > 0) this.endCommands()
    if (this.held.size > 0 && this.engine.acknowledgements.onReplica) this.confirm()
  }

  /** Somebody has confirmed something. */
  confirm(): void {
    for (const client of [...this.held]) this.settle(client)
  }

  private clientOf(session: Session): AckClient {
    const known = this.clients.get(session)
    if (known !== undefined) return known
    const client = new AckClient(session)
    this.clients.set(session, client)
    return client
  }

  private endCommands(): void {
    for (const client of this.running) {
      client.end(this.engine.nowMs)
      if (client.ranges.length > 0) this.settle(client)
    }
    this.running.clear()
    if (this.held.size > 0) this.engine.acknowledgements.request()
  }

  /** Lets the replies go when there is an answer for every range, holds them otherwise. */
  private settle(client: AckClient): void {
    const nowMs = this.engine.clock.monotonicUs() / 1000
    const waits = client.ranges.filter(range => !this.isSettled(range, nowMs))
    if (waits.length > 0 && this.lives(client))
      this.hold(client, Math.min(...waits.map(({ deadlineMs }) => deadlineMs)), nowMs)
    else this.release(client)
  }

  private lives({ session }: AckClient): boolean {
    return this.engine.sessions.has(session.id)
  }

  private isSettled(range: Range, nowMs: number): boolean {
    if (range.failure !== null || this.isConfirmed(range)) return true
    if (nowMs < range.deadlineMs && !this.engine.acknowledgements.onReplica) return false
    range.failure = this.failureOf(range)
    return true
  }

  private isConfirmed(range: Range): boolean {
    const { acknowledgements } = this.engine
    const { replicas, fsync } = range.demand
    if (!fsync) return acknowledgements.replicas(range) >= replicas
    return acknowledgements.localDisks(range) > 0 && acknowledgements.replicaDisks(range) >= replicas
  }

  private failureOf(range: Range): CommandError {
    const { acknowledgements } = this.engine
    const { replicas, fsync } = range.demand
    if (!fsync) return noReplAck(acknowledgements.replicas(range), replicas, 'replicas')
    const disks = acknowledgements.localDisks(range) + acknowledgements.replicaDisks(range)
    return noReplAck(disks, replicas + 1, 'disks')
  }

  private hold(client: AckClient, deadlineMs: number, nowMs: number): void {
    if (!client.held) client.session.hold()
    client.held = true
    this.held.add(client)
    client.timer?.cancel()
    client.timer =
      deadlineMs === Infinity ? null : this.engine.clock.after(deadlineMs - nowMs, () => this.expire(client))
  }

  private expire(client: AckClient): void {
    this.engine.beginTurn()
    this.settle(client)
  }

  private release(client: AckClient): void {
    const { session, ranges } = client
    client.timer?.cancel()
    client.timer = null
    client.ranges = []
    this.held.delete(client)
    if (!this.lives(client)) return
    if (ranges.some(({ failure }) => failure !== null)) this.replace(session, ranges)
    if (!client.held) return
    client.held = false
    session.release()
  }

  /** Writes the replies of a session anew, with errors in the places of those that were given up. */
  private replace({ reply }: Session, ranges: readonly Range[]): void {
    const chunks = reply.take()
    const all = Buffer.concat(chunks.map(({ mem, length }) => mem.u8.subarray(0, length)))
    for (const { mem } of chunks) this.engine.chunks.give(mem)
    let at = 0
    for (const { start, end, failure } of ranges) {
      // CLIENT REPLY OFF leaves no reply to replace.
      if (failure === null || start === end) continue
      reply.rawBytes(all.subarray(at, start))
      reply.error(failure)
      this.engine.stats.countError(failure.code)
      at = end
    }
    reply.rawBytes(all.subarray(at))
  }
}

export const ACKS = new RoomKey<Acks>('acknowledged writes')

/** Refuses nothing: it stands where every command of a session with a demand comes by. */
export const acksGate: Gate = {
  name: 'acknowledged writes',
  order: 0,
  check: ({ engine, session }) => {
    if ((session.alert & SessionAlert.acks) !== 0) engine.rooms.get(ACKS).begin(session)
    return null
  },
}
