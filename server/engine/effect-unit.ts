/**
 * The effects of one unit (a command that said them in its own words, a transaction, a script): encoded as they come,
 * handed over together at its end. One object serves all units; an effect is an entry of three columns.
 */

import { Span } from '../lib/bytes.js'
import { CommandText, type CommandWord } from '../resp/command-text.js'
import type { Request } from '../resp/request.js'
import type { JournalSink } from './journal.js'

const MULTI = Span.of('*1\r\n$5\r\nMULTI\r\n')
const EXEC = Span.of('*1\r\n$4\r\nEXEC\r\n')

export class EffectUnit {
  /** Effects, messages among them. */
  count = 0
  private messages = 0
  private readonly text = new CommandText()
  /** Of effect i: its database, where its text ends, whether it is a message. */
  private readonly dbs: number[] = []
  private readonly ends: number[] = []
  private readonly isMessage = [false]

  addWords(db: number, words: readonly CommandWord[]): void {
    this.text.addWords(words)
    this.added(db, false)
  }

  addEdited(db: number, request: Request, index: number, word: Span): void {
    this.text.addEdited(request, index, word)
    this.added(db, false)
  }

  addRequest(db: number, request: Request, isMessage: boolean): void {
    this.text.addRequest(request)
    this.added(db, isMessage)
  }

  /** What the sink takes of the unit, as one whole; one by one when the effects are `loose`. */
  handTo(sink: JournalSink, loose: boolean): void {
    const takesMessages = sink.takesMessages === true
    const wraps = !loose && this.count - (takesMessages ? 0 : this.messages) > 1
    let db = -1
    for (let i = 0; i < this.count;) {
      const next = this.runEnd(i, takesMessages)
      if (next > i) {
        if (wraps && db < 0) appendSpan(sink, this.dbs[i], MULTI)
        db = this.dbs[i]
        const start = this.startOf(i)
        sink.append(db, this.text.mem, start, this.startOf(next) - start)
      }
      i = Math.max(next, i + 1)
    }
    if (wraps) appendSpan(sink, db, EXEC)
  }

  clear(): void {
    this.count = 0
    this.messages = 0
    this.text.clear()
  }

  /** Behind the last of the effects from `first` on that the sink takes and that go to one database. */
  private runEnd(first: number, takesMessages: boolean): number {
    const { dbs, isMessage, count } = this
    let i = first
    while (i < count && dbs[i] === dbs[first] && (takesMessages || !isMessage[i])) i++
    return i
  }

  private startOf(index: number): number {
    return index === 0 ? 0 : this.ends[index - 1]
  }

  private added(db: number, isMessage: boolean): void {
    const { count } = this
    this.dbs[count] = db
    this.ends[count] = this.text.length
    this.isMessage[count] = isMessage
    if (isMessage) this.messages++
    this.count++
  }
}

function appendSpan(sink: JournalSink, db: number, { mem, start, length }: Span): void {
  sink.append(db, mem, start, length)
}
