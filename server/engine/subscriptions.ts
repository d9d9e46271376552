/** Who subscribes to what, of one kind of name, looked at from both sides. */

import type { Session } from './session.js'

/** Names are latin1 text: one character per byte. Those of one session and of one name keep their order. */
export class Subscriptions {
  private readonly byName = new Map<string, Set<Session>>()
  private readonly bySession = new Map<Session, Set<string>>()

  /** How many names somebody subscribes to. */
  get size(): number {
    return this.byName.size
  }

  names(): Iterable<string> {
    return this.byName.keys()
  }

  subscribers(name: string): ReadonlySet<Session> | undefined {
    return this.byName.get(name)
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
    const names = this.bySession.get(session) ?? new Set()
    if (names.has(name)) return false
    this.bySession.set(session, names.add(name))
    this.byName.set(name, (this.byName.get(name) ?? new Set()).add(session))
    return true
  }

  /** False when the session did not subscribe to it. */
  remove(session: Session, name: string): boolean {
    const names = this.bySession.get(session)
    if (names === undefined || !names.delete(name)) return false
    if (names.size === 0) this.bySession.delete(session)
    const sessions = this.byName.get(name)
    sessions?.delete(session)
    if (sessions?.size === 0) this.byName.delete(name)
    return true
  }
}
