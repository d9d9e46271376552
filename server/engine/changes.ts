/** What follows from a change in the keyspace, whoever made it: broken watches, notifications, waiting clients. */

import type { Span } from '../lib/bytes.js'
import type { Database } from '../keyspace/database.js'
import { Event } from '../keyspace/events.js'
import type { KeyspaceListener } from '../keyspace/keyspace.js'
import type { Engine } from './engine.js'
import type { Session } from './session.js'
import { subkeyEvent, subkeyMessages, wantsSubkeys } from './subkey-messages.js'

/** Who else wants to hear of changes: client-side caching. */
export interface ChangeObserver {
  /** `author`: whose command it was; null when the key's time had come, or its room was needed. */
  changed(db: Database, key: Span, author: Session | null): void
  /** Databases were emptied or exchanged. */
  allChanged(): void
  sessionClosed(session: Session): void
}

export class Changes implements KeyspaceListener {
  /** Classes of `notify-keyspace-events`. */
  notify = 0
  private readonly observers: ChangeObserver[] = []

  constructor(private readonly engine: Engine) {}

  observe(observer: ChangeObserver): void {
    this.observers.push(observer)
  }

  unobserve(observer: ChangeObserver): void {
    const index = this.observers.indexOf(observer)
    if (index >= 0) this.observers.splice(index, 1)
  }

  changed(db: Database, key: Span, expelled: boolean): void {
    this.engine.watches.touched(db, key)
    if (this.observers.length > 0) this.tellObservers(db, key, expelled)
  }

  event(flag: number, name: string, db: Database, key: Span): void {
    if ((this.notify & flag) !== 0) this.notifyClients(name, db, key)
  }

  wantsSubkeys(flag: number): boolean {
    return wantsSubkeys(this.notify, flag)
  }

  subkeys(flag: number, name: string, db: Database, key: Span, subkeys: readonly Span[]): void {
    if (!wantsSubkeys(this.notify, flag) || subkeys.length === 0) return
    const event = subkeyEvent(db.index, key, name, subkeys)
    for (const [channel, message] of subkeyMessages(this.notify, event)) {
      this.engine.publish(channel, Buffer.from(message, 'latin1'))
    }
  }

  removed(flag: number, db: Database, key: Span): void {
    const { values } = this.engine.config
    const lazy = flag === Event.evicted ? values.lazyfreeLazyEviction : values.lazyfreeLazyExpire
    this.engine.journal.record(db, [lazy ? 'UNLINK' : 'DEL', key])
  }

  fieldRemoved(db: Database, key: Span, field: Span): void {
    this.engine.journal.record(db, ['HDEL', key, field])
  }

  ready(db: Database, key: Span): void {
    this.engine.waiting.signal(db, key)
  }

  flushed(db: Database, other: Database | null): void {
    this.engine.watches.flushed(db, other)
    this.engine.waiting.signalAll(db)
  }

  allChanged(): void {
    for (const observer of this.observers) observer.allChanged()
  }

  sessionClosed(session: Session): void {
    for (const observer of this.observers) observer.sessionClosed(session)
  }

  private tellObservers(db: Database, key: Span, expelled: boolean): void {
    const author = expelled ? null : this.engine.executor.context.session
    for (const observer of this.observers) observer.changed(db, key, author)
  }

  private notifyClients(name: string, db: Database, key: Span): void {
    const { publish } = this.engine
    if ((this.notify & Event.keyspace) !== 0) {
      publish(`__keyspace@${db.index}__:${key.latin1()}`, Buffer.from(name, 'latin1'))
    }
    if ((this.notify & Event.keyevent) !== 0)
      publish(`__keyevent@${db.index}__:${name}`, Buffer.from(key.bytes()))
  }
}
