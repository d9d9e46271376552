/**
 * "What you have cached of these keys is stale", on its way to one client or many: encoded once for each protocol.
 *
 *      RESP3   >2 invalidate, keys
 *      RESP2   *3 message, __redis__:invalidate, keys      a client of this protocol must be subscribed
 */

/** The channel by which RESP2 clients hear of it. */
const CHANNEL = '__redis__:invalidate'

export class Invalidation {
  private resp2: Buffer | null = null
  private resp3: Buffer | null = null

  /** Latin1; null: all keys. */
  constructor(private readonly keys: readonly string[] | null) {}

  /** The bytes are shared: not to be changed. */
  bytesFor(protocol: number): Buffer {
    if (protocol === 2)
      return (this.resp2 ??= this.encode(`*3\r\n$7\r\nmessage\r\n${bulk(CHANNEL)}`, '$-1\r\n'))
    return (this.resp3 ??= this.encode('>2\r\n$10\r\ninvalidate\r\n', '_\r\n'))
  }

  private encode(head: string, all: string): Buffer {
    const { keys } = this
    const what = keys === null ? all : `*${keys.length}\r\n${keys.map(bulk).join('')}`
    return Buffer.from(head + what, 'latin1')
  }
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`
}
