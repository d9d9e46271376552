/**
 * A transaction in the making: what MULTI queued, until EXEC or DISCARD.
 *
 * A client may queue a million commands. Their words are copied one behind the other into one memory; a request, which
 * is an object for itself and one for every word, is made of them again when they run: one for all.
 */

import { Span } from '../lib/bytes.js'
import { Gathered } from '../lib/gathered.js'
import { Request } from '../resp/request.js'
import type { CommandFlag } from './command.js'
import type { TableEntry } from './table.js'

export class Transaction {
  /** A command was refused while queueing: EXEC will refuse all. */
  aborted = false
  private readonly entries: TableEntry[] = []
  private readonly counts: number[] = []
  private readonly words = new Gathered()

  /** How many commands are queued. */
  get length(): number {
    return this.entries.length
  }

  /** Bytes of the queued words. */
  get bytes(): number {
    return this.words.bytes
  }

  /** What will not run anyway is not kept. */
  add(entry: TableEntry, request: Request): void {
    if (this.aborted) return
    const { count } = request
    for (let i = 0; i < count; i++) this.words.add(request.word(i))
    this.entries.push(entry)
    this.counts.push(count)
  }

  /** Shows the commands in order. The request is good until the next one. */
  each(visit: (entry: TableEntry, request: Request) => void): void {
    const { entries, counts, words } = this
    const request = new Request()
    const word = Span.of('')
    for (let i = 0, from = 0; i < entries.length; from += counts[i], i++) {
      request.clear()
      for (let at = from; at < from + counts[i]; at++) request.pushSpan(words.view(at, word))
      visit(entries[i], request)
    }
  }

  some(flag: CommandFlag): boolean {
    return this.entries.some(({ command }) => command.has(flag))
  }

  every(flag: CommandFlag): boolean {
    return this.entries.every(({ command }) => command.has(flag))
  }
}
