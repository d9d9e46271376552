/**
 * Who wants to hear of all keys with a prefix, and which keys have changed this turn: they are told once per turn.
 *
 * A change is matched by one lookup for each length that some prefix has, not by trying all prefixes.
 */

import type { Span } from '../../lib/bytes.js'
import type { Session } from '../session.js'

export interface Broadcast {
  readonly prefix: string
  readonly sessions: Set<Session>
  /** Keys changed since the last telling, with who changed each last; null: nobody's command did. */
  readonly changed: Map<string, Session | null>
}

export class Broadcasts {
  private readonly byPrefix = new Map<string, Broadcast>()
  /** The lengths that prefixes have, each once, ascending. */
  private lengths: number[] = []
  private due = new Set<Broadcast>()

  /** How many prefixes somebody wants to hear of. */
  get size(): number {
    return this.byPrefix.size
  }

  add(prefix: string, session: Session): void {
    const known = this.byPrefix.get(prefix)
    if (known !== undefined) {
      known.sessions.add(session)
      return
    }
    this.byPrefix.set(prefix, { prefix, sessions: new Set([session]), changed: new Map() })
    if (!this.lengths.includes(prefix.length)) this.lengths = [...this.lengths, prefix.length].sort(ascending)
  }

  remove(prefix: string, session: Session): void {
    const broadcast = this.byPrefix.get(prefix)
    broadcast?.sessions.delete(session)
    if (broadcast?.sessions.size !== 0) return
    this.byPrefix.delete(prefix)
    this.due.delete(broadcast)
    this.lengths = [...new Set(Array.from(this.byPrefix.keys(), each => each.length))].sort(ascending)
  }

  /** A key has changed; true when somebody will have to be told at the end of the turn. */
  record(key: Span, author: Session | null): boolean {
    const name = key.latin1()
    for (const length of this.lengths) {
      if (length > name.length) break
      const broadcast = this.byPrefix.get(name.slice(0, length))
      if (broadcast === undefined) continue
      broadcast.changed.set(name, author)
      this.due.add(broadcast)
    }
    return this.due.size > 0
  }

  /** What is to be told now, in the order of the prefixes: the taker empties each one's `changed`. */
  takeDue(): Broadcast[] {
    if (this.due.size === 0) return NONE
    const due = [...this.due].sort((a, b) => (a.prefix < b.prefix ? -1 : 1))
    this.due = new Set()
    return due
  }
}

const NONE: Broadcast[] = []

function ascending(a: number, b: number): number {
  return a - b
}
