/**
 * Client-side caching: who reads a key may keep the value, and is told when it is stale.
 *
 * There are two ways to know whom to tell. By default the server remembers which client has read which key
 * (readers.ts), tells it once of the next change, and forgets: it will hear again when it has read again. In broadcast
 * mode the server remembers nothing but prefixes (broadcasts.ts): the client hears of every key with one of them, read
 * or not, in one message per turn.
 *
 * Changes come from the keyspace's own mutators, so no command can forget to tell. Keys of all databases are one: a
 * client does not learn in which database a key is stale. Emptying or exchanging databases makes all keys stale, in
 * one message that names none.
 *
 * The messages are pushes of the client itself (RESP3) or of another to which it has them redirected; see pushes.ts
 * for why its own changes are told behind its replies. What is told because the table of readers is full
 * (`tracking-table-max-keys`), or because memory is, goes out before the reply to the next command, which may speak of
 * the key as it now is.
 *
 * Until a client tracks, nothing here is asked: the observer is registered and the table made by the first one.
 *
 * Not promised: that a client hears only of keys that it has (it may have left and tracked anew, or the table was
 * full). With NOLOOP it still hears of its own keys when they expire or are evicted.
 */

import { Span } from '../../lib/bytes.js'
import type { Database } from '../../keyspace/database.js'
import type { ChangeObserver } from '../changes.js'
import { commandKeys, mayHaveKeys } from '../command-keys.js'
import type { Context } from '../context.js'
import type { Engine } from '../engine.js'
import { EngineAlert } from '../gates.js'
import { Message } from '../message.js'
import { type Session, SessionAlert } from '../session.js'
import { Broadcasts } from './broadcasts.js'
import { Invalidation } from './invalidation.js'
import { TrackingMode, type TrackingOptions } from './mode.js'
import { Readers } from './readers.js'

/** Bytes of a prefix beyond its text, at the client and in the table. */
const PREFIX_BYTES = 120
/** Longer keys are not named. */
const NAMED_MAX = 128 * 1024 * 1024
/** No number or token that tells where keys are is longer. */
const TOKEN_MAX = 32
/** Keys forgotten at a time when there are too many; more each time that this was not enough. */
const LIMIT_STEP = 100

export class Tracking implements ChangeObserver {
  /** Who tracks. */
  private readonly sessions = new Set<Session>()
  private readonly broadcasts = new Broadcasts()
  private readers: Readers | null = null
  /** How many times in a row there were still too many keys. */
  private excesses = 0

  constructor(private readonly engine: Engine) {}

  get clients(): number {
    return this.sessions.size
  }

  /** Keys that somebody has read. */
  get keys(): number {
    return this.readers?.keys ?? 0
  }

  /** Pairs of a key and one who has read it. */
  get pairs(): number {
    return this.readers?.pairs ?? 0
  }

  get prefixes(): number {
    return this.broadcasts.size
  }

  // Who tracks ----------------------------------------------------------------------------------------------

  /** CLIENT TRACKING ON, or once more with other options. `prefixes`: further ones, none that overlap. */
  enable(session: Session, options: TrackingOptions, prefixes: readonly string[]): void {
    this.readers ??= this.begin()
    session.tracking ??= new TrackingMode()
    session.tracking.become(options)
    session.set(SessionAlert.tracking, true)
    this.sessions.add(session)
    for (const prefix of prefixes) this.addPrefix(session, session.tracking, prefix)
  }

  disable(session: Session): void {
    const { tracking } = session
    if (tracking === null) return
    for (const prefix of tracking.prefixes) this.dropPrefix(session, prefix)
    session.tracking = null
    session.set(SessionAlert.tracking, false)
    this.sessions.delete(session)
  }

  sessionClosed(session: Session): void {
    this.disable(session)
  }

  private begin(): Readers {
    const { engine } = this
    const readers = new Readers(engine.random)
    engine.changes.observe(this)
    engine.memory.register({ purpose: 'clients.tracking', limited: true, bytes: () => readers.bytes })
    return readers
  }

  private addPrefix(session: Session, { prefixes }: TrackingMode, prefix: string): void {
    if (prefixes.has(prefix)) return
    prefixes.add(prefix)
    this.broadcasts.add(prefix, session)
    session.heldBytes += prefix.length + PREFIX_BYTES
  }

  private dropPrefix(session: Session, prefix: string): void {
    this.broadcasts.remove(prefix, session)
    session.heldBytes -= prefix.length + PREFIX_BYTES
  }

  // What they read ------------------------------------------------------------------------------------------

  /** A command of a client that tracks has run: the keys that it read are remembered. */
  commandRan({ session, command, request }: Context): void {
    const { readers } = this
    if (session.tracking?.remembers !== true || !command.has('readonly') || !mayHaveKeys(command)) return
    const words = request.list()
    const keys = commandKeys(
      command,
      words.map(word => word.prefix(TOKEN_MAX)),
    )
    for (const { position } of keys ?? []) readers?.add(words[position], session.id)
    this.watchLimit()
  }

  /** A command of a client that tracks is over, or was refused: CLIENT CACHING holds for no further one. */
  commandEnded({ tracking, transaction }: Session, isClientCommand: boolean): void {
    if (tracking === null || transaction !== null || isClientCommand) return
    tracking.caching = false
  }

  /** Has `limit` called, by whatever command comes next, while there are too many keys. */
  watchLimit(): void {
    const most = this.engine.config.values.trackingTableMaxKeys
    if (most > 0 && this.keys > most) this.engine.setAlert(EngineAlert.tracking, true)
    else this.endExcess()
  }

  /** Forgets keys beyond the limit, and tells their readers as if they had changed. */
  limit(): void {
    const most = this.engine.config.values.trackingTableMaxKeys
    this.excesses++
    for (let effort = LIMIT_STEP * this.excesses; effort > 0 && most > 0 && this.keys > most; effort--) {
      const taken = this.readers?.takeRandom() ?? null
      if (taken !== null) this.tellReaders(taken.ids, new Invalidation([taken.key]), null)
    }
    this.watchLimit()
  }

  private endExcess(): void {
    this.excesses = 0
    this.engine.setAlert(EngineAlert.tracking, false)
  }

  // What changes --------------------------------------------------------------------------------------------

  changed(_db: Database, key: Span, author: Session | null): void {
    if (this.broadcasts.size > 0 && this.broadcasts.record(key, author)) this.engine.wantTurn()
    if (this.readers === null || this.readers.keys === 0) return
    const ids = this.readers.take(key)
    if (ids.length > 0) this.tellReaders(ids, staleKey(key), author)
  }

  /** All keys may be others now. */
  allChanged(): void {
    this.readers?.clear()
    this.endExcess()
    const all = new Invalidation(null)
    for (const session of this.sessions) this.tell(session, all)
  }

  /** The turn ends: tells what has changed under the prefixes. */
  broadcast(): void {
    for (const { sessions, changed } of this.broadcasts.takeDue()) {
      const keys = [...changed.keys()].sort()
      const toAll = new Invalidation(keys)
      for (const session of sessions) {
        if (session.tracking?.noLoop !== true) this.tell(session, toAll)
        else this.tellOthersOf(session, keys, changed)
      }
      changed.clear()
    }
  }

  /** Tells a NOLOOP client of the keys that others changed. */
  private tellOthersOf(
    session: Session,
    keys: readonly string[],
    authors: ReadonlyMap<string, Session | null>,
  ): void {
    const others = keys.filter(key => authors.get(key) !== session)
    if (others.length > 0) this.tell(session, new Invalidation(others))
  }

  /** An id may be that of a client that is gone, tracks no more, or broadcasts now. */
  private tellReaders(ids: readonly number[], invalidation: Invalidation, author: Session | null): void {
    for (const id of ids) {
      const session = this.engine.sessions.get(id)
      const tracking = session?.tracking ?? null
      if (session === undefined || tracking === null || tracking.broadcast) continue
      if (!tracking.noLoop || session !== author) this.tell(session, invalidation)
    }
  }

  // How they are told ---------------------------------------------------------------------------------------

  /** A RESP2 client can be told only by redirection, and only while it is subscribed to something. */
  private tell(session: Session, invalidation: Invalidation): void {
    const { pushes } = this.engine
    const receiver = this.receiverFor(session)
    if (receiver === null) {
      this.tellOfBreak(session)
      return
    }
    const { protocol } = receiver.reply
    const listens = session.redirection !== 0 && (receiver.alert & SessionAlert.subscribed) !== 0
    if (protocol === 3 || listens) pushes.sendLast(receiver, invalidation.bytesFor(protocol))
  }

  private receiverFor(session: Session): Session | null {
    if (session.redirection === 0) return session
    const receiver = this.engine.sessions.get(session.redirection)
    return receiver === undefined || receiver.closing ? null : receiver
  }

  private tellOfBreak(session: Session): void {
    const { tracking, reply, redirection } = session
    if (tracking !== null) tracking.broken = true
    if (reply.protocol !== 3) return
    this.engine.pushes.send(session, new Message(['tracking-redir-broken', redirection]).bytesFor(3))
  }
}

/** Of a key too long for a string it is said that all keys are stale. */
function staleKey(key: Span): Invalidation {
  return new Invalidation(key.length > NAMED_MAX ? null : [key.latin1()])
}
