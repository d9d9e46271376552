/**
 * A client inside the process: commands in, JavaScript values out, no socket between.
 *
 * Its commands run at once, in the order in which they were asked for; while one waits (BLPOP), those behind it
 * wait too. Replies are taken at the end of the turn, after the journal: what a socket would be told later, is
 * told here later as well. They travel as RESP2 and are decoded by redis-parser, so their shapes are those that
 * every client library shows.
 */

import Parser from 'redis-parser'
import type { Engine } from '../engine/engine.js'
import { type Session, SessionAlert, type Transport } from '../engine/session.js'
import { Request } from '../resp/request.js'

/** An error reply. `code` is its first word: `ERR`, `WRONGTYPE`, `NOAUTH`. */
export class ReplyError extends Error {
  readonly code: string

  constructor(message: string) {
    super(message)
    this.name = 'ReplyError'
    this.code = message.split(' ', 1)[0]
  }
}

/** A reply: strings (or Buffers, when asked for), integers, null, arrays of these. EXEC's array may hold errors. */
export type Reply = string | Buffer | number | null | ReplyError | Reply[]

/** A word of a command; strings are sent as UTF-8, numbers as their decimal text. */
export type Word = string | number | Uint8Array

/** A command that was not answered yet. */
interface Call {
  readonly buffers: boolean
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: Error) => void
}

export class InsideClient {
  private readonly session: Session
  private readonly calls: Call[] = []
  private readonly requests: Request[] = []
  private readonly parser: Parser
  private readonly endOfTurn = (): void => this.collect()
  private ended = false

  constructor(private readonly engine: Engine) {
    this.session = engine.openSession()
    this.session.set(SessionAlert.unauthenticated, false)
    this.session.transport = this.transport(this.session.transport)
    this.parser = new Parser({
      returnBuffers: true,
      returnReply: (reply: unknown) => this.answer(reply),
      returnError: error => this.answer(error),
      returnFatalError: error => this.close(error),
    })
    engine.endOfTurn.push(this.endOfTurn)
  }

  /** Rejects with a ReplyError when the reply is an error. */
  execute(words: readonly Word[], buffers: boolean): Promise<Reply> {
    if (words.length === 0) throw new TypeError('a command has at least one word')
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(new Error('the session has ended'))
      this.calls.push({ buffers, resolve, reject })
      this.requests.push(Request.of(words.map(bytesOf)))
      this.run()
    })
  }

  /** Commands that were not answered reject with `why`. */
  close(why = new Error('the session has ended')): void {
    if (this.ended) return
    this.ended = true
    const { endOfTurn } = this.engine
    endOfTurn.splice(endOfTurn.indexOf(this.endOfTurn), 1)
    this.engine.closeSession(this.session)
    for (const call of this.calls.splice(0)) call.reject(why)
  }

  /** Runs what was asked for, as far as the session may. */
  private run(): void {
    const { engine, session, requests } = this
    engine.beginTurn()
    session.lastActiveMs = engine.keyspace.now
    while (requests.length > 0 && session.mayRun) {
      session.request = requests.shift()!
      engine.execute(session)
    }
    engine.settle()
  }

  private collect(): void {
    const { reply, closing, held } = this.session
    if (held > 0) return
    for (const { mem, length } of reply.take()) {
      this.parser.execute(Buffer.from(mem.u8.subarray(0, length)))
      this.engine.chunks.give(mem)
    }
    if (closing) this.close()
  }

  /** What nobody asked for (a message of a channel) has nobody to go to. */
  private answer(reply: unknown): void {
    const call = this.calls.shift()
    if (call === undefined) return
    const value = valueOf(reply, call.buffers)
    if (value instanceof ReplyError) call.reject(value)
    else call.resolve(value)
  }

  private transport(inside: Transport): Transport {
    const { engine } = this
    return {
      ...inside,
      finish: () => engine.wantTurn(),
      destroy: () => this.close(),
      wake: () => engine.wantTurn(),
      resume: () => engine.clock.soon(() => this.run()),
      release: () => {
        this.collect()
        if (!this.ended) this.run()
      },
    }
  }
}

function bytesOf(word: Word): Uint8Array {
  return word instanceof Uint8Array ? word : Buffer.from(String(word))
}

function valueOf(reply: unknown, buffers: boolean): Reply {
  if (reply instanceof Error) return new ReplyError(reply.message)
  if (Array.isArray(reply)) return reply.map(element => valueOf(element, buffers))
  if (Buffer.isBuffer(reply)) return buffers ? reply : reply.toString()
  return reply as number | null
}
