/** The slow log: the last commands that took longer than slowlog-log-slower-than, trimmed as Redis trims them. */

import type { Context } from './context.js'
import { shownWords } from './shown-words.js'

const WORDS_MAX = 32
const WORD_BYTES_MAX = 128

export interface SlowEntry {
  readonly id: number
  /** Unix seconds at which it ended. */
  readonly at: number
  /** How long it took in microseconds; in the logs of large requests and replies, how many bytes that was. */
  readonly amount: number
  /** Latin1, trimmed. */
  readonly words: readonly string[]
  /** Words before trimming. */
  readonly wordCount: number
  readonly address: string
  readonly clientName: string
}

export class SlowLog {
  /** Commands as slow as this are logged; Infinity: none. */
  thresholdUs = Infinity
  private entries: SlowEntry[] = []
  private nextId = 0
  private max = 128

  get length(): number {
    return this.entries.length
  }

  /** Newest first. */
  latest(count: number): readonly SlowEntry[] {
    return this.entries.slice(0, count)
  }

  /** slowlog-max-len. */
  setMax(max: number): void {
    this.max = max
    if (this.entries.length > max) this.entries.length = max
  }

  clear(): void {
    this.entries = []
  }

  /** The context's command took long (or much): logged, unless the command must not be. */
  offer(ctx: Context, amount: number): void {
    const { session, command, request } = ctx
    if (command.has('skip_slowlog')) return
    this.entries.unshift({
      id: this.nextId++,
      at: Math.floor(ctx.now / 1000),
      amount: Math.floor(amount),
      words: wordsOf(ctx),
      wordCount: request.count,
      address: session.transport.address,
      clientName: session.name,
    })
    if (this.entries.length > this.max) this.entries.length = this.max
  }
}

/** COMMANDLOG's other two logs: requests and replies of so many bytes. */
export class SizeLogs {
  readonly requests = new SlowLog()
  readonly replies = new SlowLog()
  /** Bytes from which on one is logged; Infinity: none. */
  requestMin = Infinity
  replyMin = Infinity

  /** The context's command has run and answered this much. */
  offer(ctx: Context, replyBytes: number): void {
    const requestBytes = this.requestMin === Infinity ? 0 : ctx.request.bytes
    if (requestBytes >= this.requestMin) this.requests.offer(ctx, requestBytes)
    if (replyBytes >= this.replyMin) this.replies.offer(ctx, replyBytes)
  }
}

/** The first words of the context's command, and how many more there were. */
function wordsOf(ctx: Context): string[] {
  const { count } = ctx.request
  if (count <= WORDS_MAX) return shownWords(ctx, WORDS_MAX, WORD_BYTES_MAX)
  const more = count - WORDS_MAX + 1
  return [...shownWords(ctx, WORDS_MAX - 1, WORD_BYTES_MAX), `... (${more} more arguments)`]
}
