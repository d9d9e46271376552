/** Sessions whose replies wait for a batch: those that wrote in this turn, and those held since. */

import type { Session } from '../../server/engine/session.js'

export class Writers {
  private readonly ofTurn = new Set<Session>()
  private held: Session[] = []

  get waiting(): number {
    return this.held.length
  }

  wrote(session: Session): void {
    this.ofTurn.add(session)
  }

  /** What they wrote in this turn is safe: they need not wait. */
  excuse(): void {
    this.ofTurn.clear()
  }

  /** The turn is over: nothing more is sent to those who wrote in it. */
  hold(): void {
    if (this.ofTurn.size === 0) return
    for (const session of this.ofTurn) {
      session.hold()
      this.held.push(session)
    }
    this.ofTurn.clear()
  }

  /** Those that wait, all of them; who takes them releases them. */
  take(): Session[] {
    this.hold()
    const { held } = this
    this.held = []
    return held
  }
}
