/** Who the client is, and which protocol it speaks. */

import type { Span } from '../../lib/bytes.js'
import {
  BAD_CLIENT_NAME,
  BAD_PROTOCOL_VERSION,
  HELLO_NEEDS_AUTH,
  NO_PASSWORD_SET,
  NO_PROTO,
  WRONG_PASS,
  badHelloOption,
} from '../../resp/errors.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import {
  type Argument,
  type ArgumentDoc,
  type Words,
  bytes,
  optional,
  readInteger,
  rest,
} from '../../engine/grammar.js'
import { SessionAlert } from '../../engine/session.js'
import { DEFAULT_USER } from '../../engine/default-user.js'
import { REDIS_VERSION } from '../../engine/version.js'
import { isPrintable } from './client-name.js'

const REDACTED = '(redacted)'

const USERNAME: ArgumentDoc = { name: 'username', type: 'string' }
const PASSWORD: ArgumentDoc = { name: 'password', type: 'string' }
const WISHES: ArgumentDoc = {
  name: 'wishes',
  type: 'block',
  optional: true,
  arguments: [
    { name: 'auth', type: 'block', token: 'AUTH', optional: true, arguments: [USERNAME, PASSWORD] },
    { name: 'clientname', type: 'string', token: 'SETNAME', optional: true },
  ],
}

export const auth = command('AUTH', {
  does: 'Authenticates the connection.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  args: { credentials: credentials() },
  redact: ([name, ...words]) => [name, ...words.map(() => REDACTED)],
  run(ctx, { credentials: { user, password } }) {
    if (user === null && ctx.engine.defaultUser.open) throw NO_PASSWORD_SET
    logIn(ctx, user?.latin1() ?? DEFAULT_USER, password)
    ctx.reply.ok()
  },
})

/** `[username] password`: alone, a word is the password. */
function credentials(): Argument<{ user: Span | null; password: Span }> {
  return {
    min: 1,
    max: 2,
    parse: words => ({ user: words.left > 1 ? words.next() : null, password: words.next() }),
    place: () => undefined,
    doc: name => ({ name, type: 'block', arguments: [{ ...USERNAME, optional: true }, PASSWORD] }),
  }
}

/** Makes the session that user's, or throws and leaves it whose it was. */
function logIn({ engine, session }: Context, user: string, password: Span): void {
  if (!engine.defaultUser.authenticate(user, password)) {
    engine.stats.aclDeniedAuth++
    throw WRONG_PASS
  }
  session.user = user
  session.set(SessionAlert.unauthenticated, false)
}

export const hello = command('HELLO', {
  does: 'Chooses the protocol, and may authenticate and name the connection in the same step.',
  since: '6.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  args: { protover: optional(bytes()), wishes: { ...rest(), doc: () => WISHES } },
  redact: redactHello,
  run(ctx, { protover, wishes }) {
    const version = protover === null ? ctx.reply.protocol : readVersion(protover)
    const { user, password, name } = readWishes(wishes)
    if (user !== null && password !== null) logIn(ctx, user.latin1(), password)
    if ((ctx.session.alert & SessionAlert.unauthenticated) !== 0 && !ctx.engine.defaultUser.open)
      throw HELLO_NEEDS_AUTH
    if (name !== null) ctx.session.name = name
    ctx.reply.protocol = version
    introduce(ctx)
  },
})

function readVersion(word: Span): number {
  const version = readInteger(word, BAD_PROTOCOL_VERSION)
  if (version !== 2 && version !== 3) throw NO_PROTO
  return version
}

interface Wishes {
  user: Span | null
  password: Span | null
  name: string | null
}

/** Reads and judges all of them before any is granted: HELLO does everything or nothing. */
function readWishes(words: Words): Wishes {
  const wishes: Wishes = { user: null, password: null, name: null }
  while (words.left > 0) {
    const option = words.next()
    if (option.is('auth') && words.left >= 2) {
      wishes.user = words.next()
      wishes.password = words.next()
    } else if (option.is('setname') && words.left >= 1) {
      wishes.name = words.next().latin1()
      if (!isPrintable(wishes.name)) throw BAD_CLIENT_NAME
    } else {
      throw badHelloOption(option.latin1())
    }
  }
  return wishes
}

function redactHello(words: string[]): string[] {
  const at = words.findIndex(word => word.toLowerCase() === 'auth')
  return at < 0 ? words : words.map((word, i) => (i === at + 1 || i === at + 2 ? REDACTED : word))
}

function introduce({ engine, session, reply }: Context): void {
  reply.map(7)
  reply.text('server')
  reply.text('redis')
  reply.text('version')
  reply.text(REDIS_VERSION)
  reply.text('proto')
  reply.int(reply.protocol)
  reply.text('id')
  reply.int(session.id)
  reply.text('mode')
  reply.text(engine.mode)
  reply.text('role')
  reply.text(engine.role)
  reply.text('modules')
  reply.array(0)
}
