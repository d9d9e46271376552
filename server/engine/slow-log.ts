/** The slow log: the last commands that took longer than slowlog-log-slower-than, trimmed as Redis trims them. */

import type { Context } from './context.js'

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
    const words = request.words.slice(0, request.count).map(word => word.latin1())
    const shown = (command.options.redact ?? command.parent?.options.redact ?? null)?.(words) ?? words
    this.entries.unshift({
      id: this.nextId++,
      at: Math.floor(ctx.now / 1000),
      amount: Math.floor(amount),
      words: trim(shown),
      wordCount: words.length,
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

function trim(words: readonly string[]): string[] {
  const shown = words.length > WORDS_MAX ? words.slice(0, WORDS_MAX - 1) : [...words]
  const trimmed = shown.map(word => {
    const more = word.length - WORD_BYTES_MAX
    return more > 0 ? `${word.slice(0, WORD_BYTES_MAX)}... (${more} more bytes)` : word
  })
  if (words.length > WORDS_MAX) trimmed.push(`... (${words.length - WORDS_MAX + 1} more arguments)`)
  return trimmed
}
