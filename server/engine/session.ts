/**
 * A session: who asks. It has no socket: connections have one, AOF replay, scripts, in-process calls and tests
 * have a session without.
 */

import type { Database } from '../keyspace/database.js'
import type { ChunkPool } from '../resp/chunks.js'
import { ReplyWriter } from '../resp/reply.js'
import type { Request } from '../resp/request.js'
import type { OutputFeed } from './output-feed.js'
import type { TableEntry } from './table.js'
import type { TrackingMode } from './tracking/mode.js'
import type { Transaction } from './transaction.js'
import type { WaitingClient } from './waiting.js'

/** What a session stands on: the connection, when there is one. */
export interface Transport {
  /** `ip:port` or the path of a unix socket. */
  readonly address: string
  readonly localAddress: string
  readonly fd: number
  readonly kind: 'tcp' | 'unix' | 'inside'
  /** True for loopback addresses and unix sockets: what `local` means in the configuration. */
  readonly local: boolean
  /** Bytes not parsed yet, bytes of words of an unfinished request, and the memory kept for both. */
  readonly queryBytes: number
  readonly argumentBytes: number
  readonly queryCapacity: number
  /** That memory, or the share in the memory that all connections read into, if it is larger. */
  readonly queryRoom: number
  /** Bytes of replies that the socket has not taken yet, and how many chunks hold them. */
  readonly outputBytes: number
  readonly outputChunks: number
  /** Size and peak use of the reply buffer as Redis would have it. */
  readonly replyBuffer: number
  readonly replyBufferPeak: number
  /** Bytes received and sent since the connection began. */
  readonly bytesReceived: number
  readonly bytesSent: number
  /** Ends the connection after what is already written has gone. */
  finish(): void
  /** Ends it now. */
  destroy(): void
  /** The session has something to send outside a request of its own. */
  wake(): void
  /** A blocked session may go on with its pipelined requests. */
  resume(): void
  /** The session is held no more: what it is owed goes out, then it goes on with its pipelined requests. */
  release(): void
}

/** Why a session needs more than the fast path: bits of `session.alert`. */
export const SessionAlert = {
  unauthenticated: 1,
  transaction: 2,
  subscribed: 4,
  silent: 8,
  replica: 16,
  tracking: 32,
  noTouch: 64,
  acks: 128,
} as const

/** Which limits of client-output-buffer-limit apply. */
export type ClientClass = 'normal' | 'replica' | 'pubsub'

export class Session {
  readonly reply: ReplyWriter
  /** Bits of SessionAlert; 0 for an ordinary client. */
  alert = 0
  /** The words of the command that runs. */
  request: Request
  transport: Transport = INSIDE
  name = ''
  user = 'default'
  libraryName = ''
  libraryVersion = ''
  createdAtMs = 0
  lastActiveMs = 0
  lastCommand: TableEntry | null = null
  /** Commands that ran in this session. */
  commands = 0
  transaction: Transaction | null = null
  /** Keys under WATCH, of whatever database. */
  watching = 0
  /** True when a watched key has changed: EXEC will answer null. */
  watchBroken = false
  /** What the session waits for; while set, its further requests stay unparsed. */
  waiting: WaitingClient | null = null
  /** How many things its replies wait for: a disk, replicas, the end of the turn; until 0 nothing is sent or run. */
  held = 0
  /** Where its last effect ends in the append-only file, counted from the start of this server. */
  loggedTo = 0
  /** Where its last effect ends in the history of this server, as offsets of replication count. */
  replicatedTo = 0
  /** What it is sent beside its replies: a replica's stream. */
  feed: OutputFeed | null = null
  class: ClientClass = 'normal'
  noEvict = false
  noTouch = false
  /** CLIENT CAPA redirect: it understands being sent to another server. */
  redirectable = false
  /** CLIENT REPLY OFF, and SKIP: this command, the next one. */
  replyOff = false
  skipReply = false
  skipNextReply = false
  monitor = false
  /** True when the connection is about to end: nothing more is run. */
  closing = false
  /** How many of each it is subscribed to. */
  channels = 0
  patterns = 0
  shardChannels = 0
  /** How it tracks keys; null: it does not. */
  tracking: TrackingMode | null = null
  /** Bytes that rooms keep for this client beyond its buffers, such as tracked prefixes: they add and take. */
  heldBytes = 0
  /** Trusted: exempt from ACL, gates and limits (AOF replay, the link to the master). */
  trusted = false

  constructor(
    readonly id: number,
    public db: Database,
    request: Request,
    chunks: ChunkPool,
  ) {
    this.request = request
    this.reply = new ReplyWriter(chunks)
  }

  get subscriptions(): number {
    return this.channels + this.patterns + this.shardChannels
  }

  /** CLIENT TRACKING REDIRECT: whom its invalidations go to; 0: itself, -1: it does not track. */
  get redirection(): number {
    return this.tracking?.redirection ?? -1
  }

  set(alert: number, on: boolean): void {
    this.alert = on ? this.alert | alert : this.alert & ~alert
  }

  /** A command has been answered: takes back what was written since `mark` if CLIENT REPLY wants it. */
  silence(mark: number): void {
    if (this.replyOff || this.skipReply) this.reply.rewind(mark)
    this.skipReply = this.skipNextReply
    this.skipNextReply = false
    this.set(SessionAlert.silent, this.replyOff || this.skipReply)
  }

  /** From here on it is answered, whatever CLIENT REPLY had said. */
  speak(): void {
    this.replyOff = false
    this.skipReply = false
    this.skipNextReply = false
    this.set(SessionAlert.silent, false)
    this.reply.unmute()
  }

  /** True when its next request may run. */
  get mayRun(): boolean {
    return this.waiting === null && this.held === 0 && !this.closing
  }

  /** Keeps its replies back until `release`, once for each `hold`. */
  hold(): void {
    this.held++
  }

  release(): void {
    if (--this.held === 0) this.transport.release()
  }

  /** Ends the session after the replies written so far. */
  close(): void {
    if (this.closing) return
    this.closing = true
    this.transport.finish()
  }
}

/** The transport of sessions inside the process. */
const INSIDE: Transport = {
  address: '',
  localAddress: '',
  fd: -1,
  kind: 'inside',
  local: true,
  queryBytes: 0,
  argumentBytes: 0,
  queryCapacity: 0,
  queryRoom: 0,
  outputBytes: 0,
  outputChunks: 0,
  replyBuffer: 0,
  replyBufferPeak: 0,
  bytesReceived: 0,
  bytesSent: 0,
  finish: () => undefined,
  destroy: () => undefined,
  wake: () => undefined,
  resume: () => undefined,
  release: () => undefined,
}
