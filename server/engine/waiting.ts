/**
 * Clients that wait: for a key to hold something (BLPOP and its kin), for replicas (WAIT), for the end of a pause.
 *
 * A waiting session runs nothing and parses nothing: its pipelined requests stay bytes, in order. Keys are
 * signalled while commands run and served after the command, transaction or script has ended: in the order in
 * which they became ready, and for each key in the order in which clients began to wait. A client that is served
 * may make another key ready (BLMOVE), so serving goes on until no key is.
 *
 * Those who do not wait pay nothing: signalling a key nobody waits for is one look into a map, and none when
 * the map is empty.
 */

import { Span } from '../lib/bytes.js'
import type { Database } from '../keyspace/database.js'
import type { Type } from '../data/entry.js'
import { CommandError } from '../resp/errors.js'
import type { Request } from '../resp/request.js'
import { keyName } from './key-name.js'
import type { Session } from './session.js'
import { WaitingQueues } from './waiting-queues.js'

export interface Wait {
  readonly kind: 'keys' | 'replicas' | 'offset' | 'pause' | 'other'
  readonly db: Database
  /** The keys waited for; none for other kinds. */
  readonly keys: readonly Span[]
  /** What a key must hold for `serve` to be tried; left out: whatever it holds, or nothing. */
  readonly type?: Type
  /** Monotonic ms at which to give up; Infinity: never. */
  readonly deadlineMs: number
  /** Tries to answer now that `key` is ready; false to go on waiting. Throws the error that is the answer. */
  readonly serve: (key: Span) => boolean
  /** Answers that the time is up. */
  readonly giveUp: () => void
  /** Monotonic ms at which `serve` may have an answer though no key is signalled. Asked after each trial. */
  readonly retryMs?: () => number
}

export interface WaitingClient extends Wait {
  /** What `retryMs` said last. */
  retryAtMs: number
  /** What its keys are known by. */
  readonly names: readonly string[]
  readonly session: Session
  /** What it asked, for those who must know when it goes on. */
  readonly request: Request | null
}

interface ReadyKey {
  readonly db: Database
  readonly key: Span
  readonly name: string
}

/** Runs `serve` for a client as a unit of its own; answers whether the client was answered. */
export type Service = (client: WaitingClient, serve: () => boolean) => boolean

const UNBLOCKED = new CommandError('UNBLOCKED client unblocked via CLIENT UNBLOCK')

export class WaitingRoom {
  private readonly queues = new WaitingQueues<WaitingClient>()
  private readonly clients = new Set<WaitingClient>()
  private ready: ReadyKey[] = []
  private readonly readyNames = new Set<string>()
  private serving = false

  /** `refused`: told of every client whose waiting ends with an error. */
  constructor(private readonly refused: (session: Session, error: CommandError) => void = () => undefined) {}

  /** Clients that wait, for whatever: INFO's blocked_clients. */
  get blocked(): number {
    return this.clients.size
  }

  /** Keys that somebody waits for. */
  get keys(): number {
    return this.queues.size
  }

  wait(session: Session, wait: Wait): void {
    const keys = Span.cloneAll(wait.keys)
    const request = wait.kind === 'keys' ? session.request.clone() : null
    const retryAtMs = wait.retryMs?.() ?? Infinity
    const names = keys.map(key => keyName(wait.db, key))
    const client: WaitingClient = { ...wait, keys, names, session, request, retryAtMs }
    session.waiting = client
    this.clients.add(client)
    for (const name of names) this.queues.join(name, client)
  }

  /** A key may have what somebody waits for. */
  signal(db: Database, key: Span): void {
    if (this.queues.size === 0) return
    const name = keyName(db, key)
    if (!this.queues.has(name) || this.readyNames.has(name)) return
    this.readyNames.add(name)
    this.ready.push({ db, key: key.clone(), name })
  }

  /** Every key waited for in a database: its contents were exchanged. */
  signalAll(db: Database): void {
    for (const client of this.clients) {
      if (client.db === db) for (const key of client.keys) this.signal(db, key)
    }
  }

  get hasReady(): boolean {
    return this.ready.length > 0
  }

  /** Serves those whose keys are ready. `around` runs each service as a unit of its own. */
  serveReady(around: Service): void {
    if (this.serving) return
    this.serving = true
    try {
      while (this.ready.length > 0) {
        const keys = this.ready
        this.ready = []
        this.readyNames.clear()
        for (const each of keys) this.serveKey(each, around)
      }
    } finally {
      this.serving = false
    }
  }

  /** Gives up on clients whose time is up; the keys of those who try again without a signal are ready. */
  tick(nowMs: number): void {
    for (const client of this.clients) {
      if (client.deadlineMs <= nowMs) this.dismiss(client, client.giveUp)
      else if (client.retryAtMs <= nowMs) for (const key of client.keys) this.signal(client.db, key)
    }
  }

  /** CLIENT UNBLOCK: as by a timeout, or with an error. False when the session does not wait for keys or replicas. */
  unblock(session: Session, error: CommandError | null | 'timeout'): boolean {
    const client = session.waiting
    if (client === null || client.kind === 'pause') return false
    this.dismiss(client, error === 'timeout' ? client.giveUp : () => this.refuse(session, error ?? UNBLOCKED))
    return true
  }

  /** All clients of one kind go on: `giveUp` is their answer. */
  release(kind: Wait['kind']): void {
    for (const client of [...this.clients]) {
      if (client.kind === kind && this.clients.has(client)) this.dismiss(client, client.giveUp)
    }
  }

  /** Nobody may wait for keys or replicas any more: they are told why, and go. */
  expel(error: CommandError): void {
    for (const client of [...this.clients]) {
      if (client.kind !== 'keys' && client.kind !== 'replicas') continue
      this.dismiss(client, () => this.refuse(client.session, error))
      client.session.close()
    }
  }

  /** Something that clients of one kind wait for has changed: serves those who have enough now. */
  retry(kind: Wait['kind']): void {
    if (this.clients.size === 0) return
    for (const client of [...this.clients]) {
      if (client.kind === kind) this.attempt(client, () => this.answered(client))
    }
  }

  /** The session is gone. */
  forget(session: Session): void {
    if (session.waiting !== null) this.leave(session.waiting)
  }

  /** Once there is nothing left under the key, those who wait for a value need not be asked. */
  private serveKey({ db, key, name }: ReadyKey, around: Service): void {
    const { entries } = db.keyspace
    for (const client of this.queues.under(name)) {
      if (client.type !== undefined) {
        const ref = db.peek(key)
        if (ref === 0) return
        if (entries.type(ref) !== client.type) continue
      }
      this.attempt(client, () => around(client, () => client.serve(key)))
    }
  }

  /** True when `serve` had an answer, which may be that there will never be one. */
  private answered({ session, serve }: WaitingClient): boolean {
    try {
      return serve(NO_KEY)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.refuse(session, error)
      return true
    }
  }

  /** The client goes on if `serve` had an answer for it. */
  private attempt(client: WaitingClient, serve: () => boolean): void {
    const { session } = client
    const mark = session.reply.length
    if (!serve()) {
      client.retryAtMs = client.retryMs?.() ?? Infinity
      return
    }
    this.leave(client)
    session.silence(mark)
    session.transport.resume()
  }

  /** The client goes on with this answer. A command kept by a pause runs now, and sees to its own silence. */
  private dismiss(client: WaitingClient, answer: () => void): void {
    const { session } = client
    const mark = session.reply.length
    this.leave(client)
    answer()
    if (client.kind !== 'pause') session.silence(mark)
    session.transport.resume()
  }

  private refuse(session: Session, error: CommandError): void {
    session.reply.error(error)
    this.refused(session, error)
  }

  private leave(client: WaitingClient): void {
    client.session.waiting = null
    this.clients.delete(client)
    for (const name of client.names) this.queues.leave(name, client)
  }
}

const NO_KEY = Span.of('')
