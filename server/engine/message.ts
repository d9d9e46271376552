/** A message on its way to many clients: encoded once for each protocol that one of them speaks. */

import { Mem } from '../lib/bytes.js'
import type { FilledChunk } from '../resp/reply.js'

/** What a message says before its body; text is latin1. */
export type MessageItem = string | number | null | readonly string[]

export class Message {
  private resp2: Buffer | null = null
  private resp3: Buffer | null = null
  private chunk2: FilledChunk | null = null
  private chunk3: FilledChunk | null = null

  /** `body`: the last item, as bytes. */
  constructor(
    private readonly items: readonly MessageItem[],
    private readonly body: Uint8Array | null = null,
  ) {}

  /** The bytes of a RESP3 push, or of a RESP2 array. They are shared: not to be changed. */
  bytesFor(protocol: number): Buffer {
    if (protocol === 2) return (this.resp2 ??= this.encode('*', '$-1\r\n'))
    return (this.resp3 ??= this.encode('>', '_\r\n'))
  }

  /** The same, for clients to send from. */
  chunkFor(protocol: number): FilledChunk {
    if (protocol === 2) return (this.chunk2 ??= shared(this.bytesFor(2)))
    return (this.chunk3 ??= shared(this.bytesFor(3)))
  }

  private encode(type: string, nothing: string): Buffer {
    const { items, body } = this
    const count = body === null ? items.length : items.length + 1
    const text = `${type}${count}\r\n${items.map(item => encoded(item, nothing)).join('')}`
    return body === null ? Buffer.from(text, 'latin1') : withBody(`${text}$${body.length}\r\n`, body)
  }
}

function encoded(item: MessageItem, nothing: string): string {
  if (item === null) return nothing
  if (typeof item === 'number') return `:${item}\r\n`
  return typeof item === 'string' ? bulk(item) : `*${item.length}\r\n${item.map(bulk).join('')}`
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`
}

function shared(bytes: Buffer): FilledChunk {
  return { mem: Mem.copyOf(bytes), length: bytes.length, shared: true }
}

function withBody(head: string, body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + body.length + 2)
  bytes.latin1Write(head, 0)
  bytes.set(body, head.length)
  bytes.latin1Write('\r\n', head.length + body.length)
  return bytes
}
