/**
 * Replies as JS values, for RESP2 and RESP3: what a session's expectations are written in.
 *
 *      simple, bulk, verbatim    string, one character per byte      integer, (    number, or bigint beyond 2^53
 *      null of any kind          null                                double        number
 *      array                     array                               boolean       boolean
 *      map, set                  Map, Set                            push          Push
 *      error                     ReplyError
 */

export class ReplyError {
  constructor(readonly line: string) {}
}

/** A message that nobody asked for in this request. */
export class Push {
  constructor(readonly items: readonly Reply[]) {}
}

export type Reply =
  | string
  | number
  | bigint
  | boolean
  | null
  | ReplyError
  | Push
  | readonly Reply[]
  | ReadonlyMap<Reply, Reply>
  | ReadonlySet<Reply>

/** A reply with the bytes it came in. */
export interface Received {
  readonly value: Reply
  readonly bytes: Buffer
}

/** The whole replies at the beginning of `bytes`, and what is left. */
export function splitReplies(bytes: Buffer): { replies: Received[]; rest: Buffer } {
  const replies: Received[] = []
  let from = 0
  for (;;) {
    const reader = new ReplyReader(bytes, from)
    const value = reader.read()
    if (value === undefined) return { replies, rest: bytes.subarray(from) }
    replies.push({ value, bytes: bytes.subarray(from, reader.at) })
    from = reader.at
  }
}

/** Reads one reply; `undefined` when its end has not come yet. */
class ReplyReader {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  read(): Reply | undefined {
    const line = this.line()
    if (line === undefined) return undefined
    const text = line.slice(1)
    switch (line[0]) {
      case '+':
        return text
      case '-':
        return new ReplyError(text)
      case ':':
      case '(':
        return integer(text)
      case ',':
        return double(text)
      case '#':
        return text === 't'
      case '_':
        return null
      case '$':
        return this.body(Number(text))
      case '=':
        return this.body(Number(text))?.slice(4)
      case '*':
        return this.items(Number(text))
      case '~':
        return this.wrap(Number(text), items => new Set(items))
      case '%':
        return this.wrap(Number(text) * 2, items => new Map(pairs(items)))
      case '>':
        return this.wrap(Number(text), items => new Push(items))
      default:
        throw new Error(`no reply begins like this: ${JSON.stringify(line)}`)
    }
  }

  private line(): string | undefined {
    const end = this.bytes.indexOf('\r\n', this.at)
    if (end < 0) return undefined
    const line = this.bytes.latin1Slice(this.at, end)
    this.at = end + 2
    return line
  }

  private body(length: number): string | null | undefined {
    if (length < 0) return null
    const end = this.at + length
    if (this.bytes.length < end + 2) return undefined
    const text = this.bytes.latin1Slice(this.at, end)
    this.at = end + 2
    return text
  }

  private items(count: number): Reply[] | null | undefined {
    if (count < 0) return null
    const items: Reply[] = []
    while (items.length < count) {
      const item = this.read()
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }

  private wrap(count: number, make: (items: Reply[]) => Reply): Reply | undefined {
    const items = this.items(count)
    return items === undefined || items === null ? undefined : make(items)
  }
}

function integer(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function double(text: string): number {
  if (text === 'inf') return Infinity
  return text === '-inf' ? -Infinity : Number(text)
}

function pairs(items: readonly Reply[]): [Reply, Reply][] {
  return Array.from({ length: items.length / 2 }, (_, i) => [items[2 * i], items[2 * i + 1]])
}
