/** Bytes that a session is sent beside its replies, and that are not its own: a stream kept once for many. */

export interface OutputFeed {
  /** Bytes that wait to be sent, or are on their way. */
  readonly waiting: number
  /** The next bytes, which stay as they are until they are `sent`. Null: none for now. */
  next(): Uint8Array | null
  /** So many bytes of what `next` gave last have gone. */
  sent(bytes: number): void
  /** The session is no more. */
  closed(): void
}
