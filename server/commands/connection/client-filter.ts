/**
 * Which clients: the filters of CLIENT KILL and CLIENT LIST. Each is a token and a value; all must hold.
 *
 * Those of Valkey (FLAGS, NAME, IDLE, LIB-NAME, LIB-VER, DB, IP, CAPA, and NOT- before any of the others) are here
 * too. Values are read from left to right, and the first bad one is what the client hears of, as in Redis.
 */

import {
  AGE_NOT_INTEGER,
  AGE_NOT_POSITIVE,
  BAD_CLIENT_ID,
  type CommandError,
  INVALID_CLIENT_ID,
  SYNTAX,
  noSuchUser,
  unknownClientType,
} from '../../resp/errors.js'
import type { Context } from '../../engine/context.js'
import {
  type Argument,
  type ArgumentDoc,
  type Words,
  oneOf,
  readInteger,
  rest,
} from '../../engine/grammar.js'
import type { Session } from '../../engine/session.js'
import { clientFlags, isListed, isMasterLink } from './client-line.js'

export type Matches = (session: Session) => boolean

/** Reads the value behind its token. Throws what is wrong with it. */
type Filter = (ctx: Context, words: Words) => Matches

/** How the two commands differ. */
export interface Dialect {
  /** Whether the one who asks is left out unless SKIPME says otherwise. */
  readonly skipMe: boolean
  readonly badId: CommandError
  readonly leastId: number
  /** Whether a word behind an id is meant as a further one. */
  readonly mayBeId: (word: string) => boolean
}

export const TO_KILL: Dialect = {
  skipMe: true,
  badId: BAD_CLIENT_ID,
  leastId: 1,
  mayBeId: word => /^\d+$/.test(word),
}
export const TO_LIST: Dialect = {
  skipMe: false,
  badId: INVALID_CLIENT_ID,
  leastId: -Infinity,
  mayBeId: word => !isToken(word),
}

const TYPES = ['normal', 'replica', 'slave', 'pubsub', 'master', 'primary']

const FILTERS: Readonly<Record<string, Filter>> = {
  type: (_, words) => typeFilter(words.next().latin1()),
  user: (ctx, words) => userFilter(ctx, words.next().latin1()),
  addr: text((session, address) => session.transport.address === address),
  laddr: text((session, address) => session.transport.localAddress === address),
  ip: text((session, ip) => session.transport.address.replace(/:\d+$/, '') === ip),
  name: text((session, name) => session.name === name),
  'lib-name': text((session, name) => session.libraryName === name),
  'lib-ver': text((session, version) => session.libraryVersion === version),
  flags: text((session, flags) => Array.from(flags).every(flag => clientFlags(session).includes(flag))),
  capa: text((session, letters) => letters === 'r' && session.redirectable),
  db: (_, words) => {
    const index = readInteger(words.next())
    return session => session.db.index === index
  },
  idle: ({ now }, words) => {
    const seconds = readInteger(words.next())
    return session => now - session.lastActiveMs >= seconds * 1000
  },
  maxage: ({ now }, words) => {
    const seconds = readInteger(words.next(), AGE_NOT_INTEGER)
    if (seconds <= 0) throw AGE_NOT_POSITIVE
    return session => now - session.createdAtMs >= seconds * 1000
  },
}

function text(holds: (session: Session, value: string) => boolean): Filter {
  return (_, words) => {
    const value = words.next().latin1()
    return session => holds(session, value)
  }
}

function typeFilter(type: string): Matches {
  const wanted = type.toLowerCase()
  if (!TYPES.includes(wanted)) throw unknownClientType(type)
  if (wanted === 'master' || wanted === 'primary') return isMasterLink
  const kind = wanted === 'slave' ? 'replica' : wanted
  return session => !isMasterLink(session) && session.class === kind
}

function userFilter({ engine }: Context, user: string): Matches {
  if (!engine.defaultUser.has(user)) throw noSuchUser(user)
  return session => session.user === user
}

/** The filters from here to the end of the request, as the command reads them. */
export function readFilters(ctx: Context, words: Words, dialect: Dialect): Matches {
  const filters: Matches[] = [isListed]
  let { skipMe } = dialect
  while (words.left > 0) {
    const token = words.next().latin1().toLowerCase()
    if (words.left === 0) throw SYNTAX
    if (token === 'skipme') skipMe = readYesNo(words)
    else if (token === 'id') filters.push(readIds(words, dialect))
    else filters.push(readFilter(ctx, token, words))
  }
  if (skipMe) filters.push(session => session !== ctx.session)
  return session => filters.every(holds => holds(session))
}

/** One or more ids. */
function readIds(words: Words, { badId, leastId, mayBeId }: Dialect): Matches {
  const ids = new Set<number>()
  do {
    const id = readInteger(words.next(), badId)
    if (id < leastId) throw badId
    ids.add(id)
  } while (words.left > 0 && mayBeId(words.request.word(words.at).latin1()))
  return session => ids.has(session.id)
}

function readFilter(ctx: Context, token: string, words: Words): Matches {
  if (!isToken(token)) throw SYNTAX
  const negated = token.startsWith('not-')
  const holds = FILTERS[negated ? token.slice(4) : token](ctx, words)
  return negated ? session => !holds(session) : holds
}

function isToken(word: string): boolean {
  const token = word.toLowerCase().replace(/^not-/, '')
  return token === 'id' || token === 'skipme' || Object.hasOwn(FILTERS, token)
}

function readYesNo(words: Words): boolean {
  const word = words.next()
  if (word.is('yes')) return true
  if (word.is('no')) return false
  throw SYNTAX
}

/** Words that the command reads as filters, and how its documentation shows them. */
export function filterArguments(least: number, shown: ArgumentDoc): Argument<Words> {
  return { ...rest(least), doc: () => shown }
}

export const CLIENT_TYPE = oneOf(['NORMAL', 'MASTER', 'REPLICA', 'PUBSUB']).doc('client-type')
