/** The different fields among those that a command names: one that is named twice is there once. */

import type { Span } from '../../lib/bytes.js'

export class FieldNames {
  private readonly byName = new Map<string, Span>()

  add(field: Span): void {
    this.byName.set(field.latin1(), field)
  }

  has(field: Span): boolean {
    return this.byName.size > 0 && this.byName.has(field.latin1())
  }

  /** In the order in which they came. */
  get all(): Span[] {
    return [...this.byName.values()]
  }
}
