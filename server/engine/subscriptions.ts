/** Who subscribes to what, of one kind of name, looked at from both sides. */

import type { Session } from './session.js'

/** Who subscribes to a name. Most names have one subscriber, and a set for each would be most of what they cost. */
export type Subscribers = Session | ReadonlySet<Session>

/** Names are latin1 text: one character per byte. Those of one session and of one name keep their order. */
export class Subscriptions {
  private readonly byName = new Map<string, Session | Set<Session>>()
  private readonly bySession = new Map<Session, Set<string>>()

  /** How many names somebody subscribes to. */
  get size(): number {
    return this.byName.size
  }

  names(): Iterable<string> {
    return this.byName.keys()
  }

  /** Undefined when there are none. */
  subscribers(name: string): Subscribers | undefined {
    return this.byName.get(name)
  }

  /** How many subscribe to a name. */
  countOn(name: string): number {
    const subscribers = this.byName.get(name)
    if (subscribers === undefined) return 0
    return subscribers instanceof Set ? subscribers.size : 1
  }

  /** What a session subscribes to, as it is now. */
  namesOf(session: Session): string[] {
    return [...(this.bySession.get(session) ?? [])]
  }

  countOf(session: Session): number {
    return this.bySession.get(session)?.size ?? 0
  }

  /** False when the session subscribes to it already. */
  add(session: Session, name: string): boolean {
    const names = this.bySession.get(session)
    if (names === undefined) this.bySession.set(session, new Set([name]))
    else if (names.has(name)) return false
    else names.add(name)
    const others = this.byName.get(name)
    if (others === undefined) this.byName.set(name, session)
    else if (others instanceof Set) others.add(session)
    else this.byName.set(name, new Set([others, session]))
    return true
  }

  /** False when the session did not subscribe to it. */
  remove(session: Session, name: string): boolean {
    const names = this.bySession.get(session)
    if (names === undefined || !names.delete(name)) return false
    if (names.size === 0) this.bySession.delete(session)
    const sessions = this.byName.get(name)
    if (sessions instanceof Set && sessions.size > 1) sessions.delete(session)
    else this.byName.delete(name)
    return true
  }
}
