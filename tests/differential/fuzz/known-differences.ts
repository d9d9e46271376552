import { isDeepStrictEqual } from 'node:util'
import { Push, type Reply, ReplyError } from '../../support/reply.js'
import type { Words } from './family.js'

/** Where ours is not meant to answer the same bytes as redis-server 7.0.15, and what must hold all the same. */
export interface KnownDifference {
  readonly why: string
  /** Names of commands, lower case; all when left out. */
  readonly commands?: RegExp
  readonly holds: (theirs: Reply, ours: Reply, words: Words) => boolean
}

const NUMBER = /^-?[0-9.]+(e[-+]?[0-9]+)?$/
/** Of a double's 15 to 17. */
const DIGITS = 14

/** The oracle's clock runs while ours stands: ms. */
const CLOCKS_APART_MS = 60_000

export const knownDifferences: readonly KnownDifference[] = [
  {
    why: 'the order within a hash table follows from its hash function and a secret seed',
    commands:
      /^(keys|scan|smembers|sinter|sunion|sdiff|spop|srandmember|sscan|hkeys|hvals|hscan|hrandfield|zrandmember|zscan)$/,
    holds: (theirs, ours) => sorted(theirs) === sorted(ours),
  },
  {
    why: 'the order within a hash table, in fields and values flattened by RESP2',
    commands: /^(hgetall|hrandfield|hscan|zrandmember|zscan)$/,
    holds: (theirs, ours) => sorted(numbered(paired(theirs))) === sorted(numbered(paired(ours))),
  },
  {
    why: 'Redis writes words of the client in errors up to their first NUL',
    holds: (theirs, ours) => {
      const [before, ...behind] = errorOf(ours).split('\0')
      return behind.length > 0 && errorOf(theirs).startsWith(before)
    },
  },
  {
    why: 'to Redis a bound of a score range ends at its first NUL, and is 0 when that comes first',
    commands: /^z/,
    holds: (theirs, ours, words) =>
      words.some(word => word.includes('\0')) &&
      errorOf(ours) === 'ERR min or max is not a float' &&
      !(theirs instanceof ReplyError),
  },
  {
    why: 'two faults in one request: what can only be a syntax error is told first',
    commands: /^(lcs|bitpos|lpos)$/,
    holds: (theirs, ours) => errorOf(ours) === 'ERR syntax error' && errorOf(theirs).startsWith('ERR '),
  },
  {
    why: 'two faults in one request: LCS and LPOS look at all their words before they look at what these mean',
    commands: /^(lcs|lpos)$/,
    holds: (theirs, ours) =>
      /^ERR (The specified keys must|RANK can't be zero)/.test(errorOf(theirs)) &&
      errorOf(ours).startsWith('ERR '),
  },
  {
    why: 'who shares a value, copies of small numbers and words of a transaction, is an affair of the server',
    commands: /^object$/,
    holds: (theirs, ours, words) =>
      /^refcount$/i.test(words[1]) && typeof theirs === 'number' && typeof ours === 'number',
  },
  {
    why: 'two faults in one request: words are read from the left',
    commands: /^bitpos$/,
    holds: (theirs, ours) =>
      errorOf(theirs) === 'ERR syntax error' && errorOf(ours).startsWith('ERR value is not'),
  },
  {
    why: 'a whole number that INCRBYFLOAT makes is kept as one',
    commands: /^object$/,
    holds: (theirs, ours) => theirs === 'embstr' && ours === 'int',
  },
  {
    why: 'XREAD reads the last entry by the id +, and XREADGROUP says that it does not (7.4)',
    commands: /^xread(group)?$/,
    holds: (theirs, ours) =>
      errorOf(theirs).startsWith('ERR Invalid stream ID') &&
      (errorOf(ours) === '' || errorOf(ours).startsWith('ERR The + ID is meaningless')),
  },
  {
    why: 'XREADGROUP makes its consumer known also when there is nothing to read (7.2)',
    commands: /^(xinfo|xgroup)$/,
    holds: (theirs, ours, words) =>
      /^createconsumer$/i.test(words[1])
        ? theirs === 1 && ours === 0
        : isDeepStrictEqual(anonymous(theirs), anonymous(ours)),
  },
  {
    why: 'SORT of a small sorted set makes a large one of it in Redis, and changes nothing here',
    commands: /^object$/,
    holds: (theirs, ours) => theirs === 'skiplist' && ours === 'listpack',
  },
  {
    why: 'bad ranges of BITCOUNT and BITPOS are refused before the key is looked at (7.2)',
    commands: /^bit(count|pos)$/,
    holds: (theirs, ours) =>
      /^ERR (syntax error|value is not an integer or out of range)$/.test(errorOf(ours)) &&
      (theirs === 0 || theirs === -1 || errorOf(theirs).startsWith('WRONGTYPE')),
  },
  {
    why: 'which key RANDOMKEY draws is left to chance',
    commands: /^randomkey$/,
    holds: (theirs, ours) => typeof theirs === 'string' && typeof ours === 'string',
  },
  {
    why: "the oracle's clock runs, ours stands still",
    commands: /^(ttl|pttl|expiretime|pexpiretime)$/,
    holds: (theirs, ours, words) => areClose(theirs, ours, /^p/i.test(words[0]) ? 1 : 1000),
  },
  {
    why: 'doubles print in the shortest form that reads back the same (7.2), sines differ in the last digit',
    commands: /^(z|geo)/,
    holds: (theirs, ours) => isDeepStrictEqual(numbered(theirs), numbered(ours)),
  },
]

/** The difference that explains these two answers; undefined: nothing does. */
export function differenceOf(words: Words, theirs: Reply, ours: Reply): KnownDifference | undefined {
  const name = words[0].toLowerCase()
  return knownDifferences.find(
    ({ commands, holds }) => (commands === undefined || commands.test(name)) && holds(theirs, ours, words),
  )
}

/** '' for what is no error. */
function errorOf(reply: Reply): string {
  return reply instanceof ReplyError ? reply.line : ''
}

function areClose(theirs: Reply, ours: Reply, unitMs: number): boolean {
  if (typeof theirs !== 'number' || typeof ours !== 'number' || theirs < 0 || ours < 0) return false
  return Math.abs(theirs - ours) * unitMs < CLOCKS_APART_MS
}

/** A text that is the same for the same elements in another order, at whatever depth. */
function sorted(reply: Reply): string {
  if (reply instanceof Map) {
    const entries = [...(reply as ReadonlyMap<Reply, Reply>)].map(pair => sorted(pair))
    return `{${entries.sort().join()}}`
  }
  if (reply instanceof Set) return sorted([...(reply as ReadonlySet<Reply>)])
  if (Array.isArray(reply)) return `[${(reply as Reply[]).map(sorted).sort().join()}]`
  return reply instanceof ReplyError ? `-${reply.line}` : `${typeof reply} ${reply as string}`
}

/** XINFO GROUPS without the numbers of consumers. */
function anonymous(reply: Reply): unknown {
  if (reply instanceof Map)
    return [...(reply as ReadonlyMap<Reply, Reply>)].filter(([name]) => name !== 'consumers')
  if (!Array.isArray(reply)) return reply
  const items = reply as readonly Reply[]
  const at = items.indexOf('consumers')
  return (at < 0 ? items : items.toSpliced(at, 2)).map(anonymous)
}

/** A flat list of fields and values as pairs, also behind the cursor of a scan. */
function paired(reply: Reply): Reply {
  if (!Array.isArray(reply)) return reply
  const items = reply as readonly Reply[]
  const last = items[items.length - 1]
  if (items.length === 2 && Array.isArray(last)) return [items[0], paired(last)]
  return Array.from({ length: items.length / 2 }, (_, i) => [items[2 * i], items[2 * i + 1]])
}

/** The same with every text that is a number as a number: to the digits that distances have in common. */
function numbered(reply: Reply): Reply {
  if (typeof reply === 'number') return Number(reply.toPrecision(DIGITS))
  if (typeof reply === 'string') return NUMBER.test(reply) ? numbered(Number(reply)) : reply
  if (reply instanceof Push) return new Push(reply.items.map(numbered))
  return Array.isArray(reply) ? (reply as Reply[]).map(numbered) : reply
}
