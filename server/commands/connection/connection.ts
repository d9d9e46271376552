/** The connection itself: is it alive, end it, make it as new. */

import type { Span } from '../../lib/bytes.js'
import { CANNOT_RESET, wrongArity } from '../../resp/errors.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, optional, rest } from '../../engine/grammar.js'
import { type Session, SessionAlert } from '../../engine/session.js'
import { DEFAULT_USER } from '../../engine/default-user.js'
import { discardTransaction } from '../transactions.js'

export const ping = command('PING', {
  does: 'Answers PONG, or the message given.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['fast'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  args: { message: { ...rest(), doc: name => optional(bytes()).doc(name) } },
  hot(ctx) {
    if (ctx.count > 1 || isSubscribed(ctx)) return false
    ctx.reply.simple('PONG')
    return true
  },
  run(ctx) {
    if (ctx.count > 2) throw wrongArity('ping')
    const message = ctx.count === 2 ? ctx.word(1) : null
    if (isSubscribed(ctx)) pongAsMessage(ctx, message)
    else if (message === null) ctx.reply.simple('PONG')
    else ctx.reply.bulk(message)
  },
})

/** A RESP2 client that subscribes expects nothing but messages. */
function isSubscribed({ session, reply }: Context): boolean {
  return (session.alert & SessionAlert.subscribed) !== 0 && reply.protocol === 2
}

function pongAsMessage({ reply }: Context, message: Span | null): void {
  reply.array(2)
  reply.text('pong')
  if (message === null) reply.text('')
  else reply.bulk(message)
}

export const echo = command('ECHO', {
  does: 'Answers the message given.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  args: { message: bytes() },
  run(ctx, { message }) {
    ctx.reply.bulk(message)
  },
})

export const quit = command('QUIT', {
  does: 'Closes the connection, after the replies to what came before.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  args: { ignored: rest() },
  run(ctx) {
    ctx.reply.ok()
    ctx.session.close()
  },
})

export const reset = command('RESET', {
  does: 'Makes the connection as it was when it began.',
  since: '6.2.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  run(ctx) {
    if (ctx.session.class === 'replica' || ctx.session.trusted) throw CANNOT_RESET
    resetSession(ctx)
    ctx.reply.simple('RESET')
  },
})

/** What a client library said of itself (CLIENT SETINFO) stays: it is the same library. */
function resetSession({ engine, session, keyspace, reply }: Context): void {
  engine.monitors.remove(session)
  discardTransaction(engine, session)
  for (const forget of engine.onReset) forget(session)
  session.db = keyspace.databases[0]
  session.user = DEFAULT_USER
  session.name = ''
  reply.protocol = engine.config.values.clientDefaultResp
  resetModes(session)
  session.set(SessionAlert.unauthenticated, !engine.defaultUser.open)
}

function resetModes(session: Session): void {
  session.speak()
  session.noEvict = false
  session.noTouch = false
  session.set(SessionAlert.noTouch, false)
}
