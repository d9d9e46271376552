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

const knownDifferences: readonly KnownDifference[] = [
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
    holds: (_, ours, words) =>
      words.some(word => word.includes('\0')) && errorOf(ours) === 'ERR min or max is not a float',
  },
  {
    why: 'who shares a value, copies of small numbers and words of a transaction, is an affair of the server',
    commands: /^object$/,
    holds: (theirs, ours, words) =>
      /^refcount$/i.test(words[1]) && typeof theirs === 'number' && typeof ours === 'number',
  },
  {
    why: 'XREAD reads the last entry by the id +, and XREADGROUP says that it does not (7.4)',
    commands: /^xread(group)?$/,
    holds: (theirs, ours) =>
      errorOf(theirs).startsWith('ERR Invalid stream ID') &&
      (errorOf(ours) === '' || errorOf(ours).startsWith('ERR The + ID is meaningless')),
  },
  {
    why: 'XREADGROUP, XCLAIM and XAUTOCLAIM make their consumer known also when there is nothing to read (7.2)',
    commands: /^(xinfo|xgroup)$/,
    // Where each has restored what the other had dumped, it is Redis that knows the consumer.
    holds: (theirs, ours, words) =>
      /^createconsumer$/i.test(words[1])
        ? (theirs === 1 && ours === 0) || (theirs === 0 && ours === 1)
        : /^(consumers|groups|stream)$/i.test(words[1]) &&
          isDeepStrictEqual(anonymous(theirs), anonymous(ours)),
  },
  {
    why: 'SORT of a small sorted set makes a large one of it in Redis, and changes nothing here',
    commands: /^(object|dump)$/,
    holds: (theirs, ours) =>
      (theirs === 'skiplist' && ours === 'listpack') ||
      (textOf(theirs).startsWith('\x05') && textOf(ours).startsWith('\x11')),
  },
  {
    why: 'bad ranges of BITCOUNT and BITPOS are refused before the key is looked at (7.2)',
    commands: /^bit(count|pos)$/,
    holds: (theirs, ours) =>
      /^ERR (syntax error|value is not an integer or out of range)$/.test(errorOf(ours)) &&
      (theirs === 0 || theirs === -1 || errorOf(theirs).startsWith('WRONGTYPE')),
  },
  {
    why: 'scores stand in a listpack in the shortest form that reads back the same (7.2)',
    commands: /^dump$/,
    holds: (theirs, ours) => [theirs, ours].every(reply => textOf(reply).startsWith('\x11')),
  },
  {
    why: 'a hash table is dumped in the order of its table, in which RESTORE makes a listpack of it',
    commands: /^dump$/,
    holds: (theirs, ours) => /^[\x02\x04\x10]/.test(textOf(ours)) && shuffled(theirs) === shuffled(ours),
  },
  {
    why: 'a zero that has been in a listpack has no sign',
    commands: /^dump$/,
    holds: (theirs, ours) => textOf(ours).startsWith('\x05') && unsigned(theirs) === unsigned(ours),
  },
  {
    why: 'a list that SORT has stored is cut by the default directives in Redis (until 7.2)',
    commands: /^dump$/,
    holds: (theirs, ours) => [theirs, ours].every(reply => textOf(reply).startsWith('\x12')),
  },
  {
    why: 'a payload tells when a consumer was last seen, and of consumers that found nothing to read (7.2)',
    commands: /^dump$/,
    holds: (theirs, ours) => [theirs, ours].every(reply => textOf(reply).startsWith('\x13')),
  },
  {
    why: 'a long text has more than one compressed form',
    commands: /^dump$/,
    holds: (theirs, ours) =>
      typeof theirs === 'string' && typeof ours === 'string' && ours.length > 18 && ours.includes('\xc3'),
  },
  {
    why: 'random draws of fewer than all: as many, and from a set that is the same',
    commands: /^(srandmember|hrandfield|zrandmember)$/,
    holds: (theirs, ours) => sizeOf(theirs) === sizeOf(ours),
  },
  {
    why: 'the keys of XREAD cannot be told from its words alone (8.x says so)',
    commands: /^command$/,
    holds: (theirs, ours) =>
      isDeepStrictEqual(
        words(theirs),
        words(ours).filter(word => word !== 'incomplete'),
      ),
  },
  {
    why: 'SINTERSTORE overwrites its destination (8.x says so), and of a BITFIELD that is none nobody knows what it does',
    commands: /^command$/,
    holds: (theirs, ours, words) =>
      /^getkeysandflags$/i.test(words[1]) &&
      /^(sinterstore|bitfield)$/i.test(words[2]) &&
      isDeepStrictEqual(firsts(theirs), firsts(ours)),
  },
  {
    why: 'Redis reads a count of keys up to where it is no number any more',
    commands: /^command$/,
    holds: (theirs, ours, words) =>
      Array.isArray(theirs) &&
      errorOf(ours) === 'ERR Invalid arguments specified for command' &&
      words.some(word => /^\s*\+?\d+\D|^[\s+0]\d+$/.test(word)),
  },
  {
    why: 'to Redis a text ends at its first NUL where SORT compares by the rules of a language',
    commands: /^sort(_ro)?$/,
    holds: (theirs, ours) =>
      Array.isArray(ours) &&
      ours.some(item => textOf(item as Reply).includes('\0')) &&
      sorted(theirs) === sorted(ours),
  },
  {
    why: 'in SORT ... STORE STORE x Redis takes the name of a key for an option',
    commands: /^command$/,
    holds: (theirs, ours, words) =>
      /^sort$/i.test(words[2]) &&
      /,(store|by|get|limit),store,/i.test(words.join()) &&
      [theirs, ours].every(Array.isArray),
  },
  {
    why: 'a request that is refused may have looked at its keys before, and may not have: that counts as a use (LFU)',
    commands: /^object$/,
    holds: (theirs, ours, words) =>
      /^freq$/i.test(words[1]) &&
      [theirs, ours].every(uses => typeof uses === 'number') &&
      Math.abs((theirs as number) - (ours as number)) <= 2,
  },
  {
    why: 'PFMERGE without sources has a key all the same; Redis finds fault with such a request',
    commands: /^command$/,
    holds: (theirs, _, words) =>
      /^pfmerge$/i.test(words[2]) &&
      words.length === 4 &&
      errorOf(theirs) === 'ERR Invalid arguments specified for command',
  },
  {
    why: 'SORT of a set in no order leaves the order of its table',
    commands: /^sort(_ro)?$/,
    holds: (theirs, ours, words) =>
      words.some((word, i) => /^by$/i.test(word) && !(words[i + 1] ?? '*').includes('*')) &&
      (sorted(theirs) === sorted(ours) || (isPart(words) && sizeOf(theirs) === sizeOf(ours))),
  },
  {
    why: 'two faults in one request: COPY tells a wrong word before a database that is not there',
    commands: /^copy$/,
    holds: (theirs, ours) =>
      errorOf(theirs) === 'ERR DB index is out of range' && errorOf(ours).startsWith('ERR '),
  },
  {
    why: 'who greets: name, version and id',
    commands: /^hello$/,
    holds: (theirs, ours) => [theirs, ours].every(reply => reply instanceof Map || Array.isArray(reply)),
  },
  {
    why: 'channels are told in the order of a hash table',
    commands: /^pubsub$/,
    holds: (theirs, ours, words) => /channels$/i.test(words[1]) && sorted(theirs) === sorted(ours),
  },
  {
    why: 'what all a client unsubscribes from is told in the order of a hash table',
    commands: /^[ps]?unsubscribe$/,
    holds: (theirs, ours, words) => words.length === 1 && isDeepStrictEqual(nameless(theirs), nameless(ours)),
  },
  {
    why: 'clients have other ids',
    commands: /^client$/,
    holds: (theirs, ours, words) =>
      /^(trackinginfo|getredir)$/i.test(words[1]) && sizeOf(theirs) === sizeOf(ours),
  },
  {
    why: 'which of several prefixes overlaps is told in another order',
    commands: /^client$/,
    holds: (theirs, ours) =>
      [theirs, ours].every(reply => / overlaps with an existing prefix /.test(errorOf(reply))),
  },
  {
    why: 'which key RANDOMKEY draws is left to chance',
    commands: /^randomkey$/,
    holds: (theirs, ours) => typeof theirs === 'string' && typeof ours === 'string',
  },
  {
    why: "the oracle's clock runs, ours stands still",
    commands: /^(ttl|pttl|expiretime|pexpiretime|object)$/,
    holds: (theirs, ours, words) =>
      (!/^object$/i.test(words[0]) || /^idletime$/i.test(words[1])) &&
      areClose(theirs, ours, /^p/i.test(words[0]) ? 1 : 1000),
  },
  {
    why: 'Redis takes from an errno of before what is wrong with `ms-*` where all sequence numbers are used up',
    commands: /^xadd$/,
    holds: (theirs, ours, words) =>
      words.some(word => word.endsWith('-*')) &&
      errorOf(theirs) === 'ERR Elements are too large to be stored' &&
      errorOf(ours).startsWith('ERR The ID specified in XADD is equal or smaller'),
  },
  {
    why: "the oracle's clock runs, ours stands still: idle times of pending entries",
    commands: /^xpending$/,
    holds: (theirs, ours) =>
      Array.isArray(theirs) &&
      theirs.every(Array.isArray) &&
      isDeepStrictEqual(timeless(theirs), timeless(ours)),
  },
  {
    why: 'doubles print in the shortest form that reads back the same (7.2), sines differ in the last digit',
    commands: /^(b?z|geo)/,
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

/** All texts within, in order. */
function words(reply: Reply): readonly Reply[] {
  if (reply instanceof Set) return [...(reply as ReadonlySet<Reply>)].flatMap(words)
  return Array.isArray(reply) ? (reply as Reply[]).flatMap(words) : [reply]
}

/** A confirmation without the name of the channel. */
function nameless(reply: Reply): readonly Reply[] {
  const items = reply instanceof Push ? reply.items : (reply as readonly Reply[])
  return [items[0], items[2]]
}

/** What comes first in each item. */
const firsts = (reply: Reply): readonly Reply[] =>
  Array.isArray(reply) ? (reply as readonly (readonly Reply[])[]).map(([first]) => first) : [reply]

const textOf = (reply: Reply): string => (typeof reply === 'string' ? reply : '')

/** The bytes of a payload in an order of their own, without its checksum. */
function shuffled(payload: Reply): string {
  return Buffer.from(textOf(payload).slice(0, -8), 'latin1').sort().toString('latin1')
}

/** The bytes of a payload, without its checksum, with -0 as 0. */
function unsigned(payload: Reply): string {
  return textOf(payload)
    .slice(0, -8)
    .replaceAll(`${'\0'.repeat(7)}\x80`, '\0'.repeat(8))
}

/** How many things a draw gave: -1 for an error or none. */
function sizeOf(reply: Reply): number {
  if (Array.isArray(reply)) return reply.length
  return typeof reply === 'string' ? 1 : -1
}

const isPart = (words: Words): boolean => words.some(word => /^limit$/i.test(word))

/** '' for what is no error. */
function errorOf(reply: Reply): string {
  return reply instanceof ReplyError ? reply.line : ''
}

function areClose(theirs: Reply, ours: Reply, unitMs: number): boolean {
  if (![theirs, ours].every(time => typeof time === 'number' || typeof time === 'bigint')) return false
  if (Number(theirs) < 0 || Number(ours) < 0) return false
  return Math.abs(Number(theirs) - Number(ours)) * unitMs < CLOCKS_APART_MS
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

/**
 * XINFO as plain values, maps as lists of pairs, without what depends on the clock and without consumers that hold
 * nothing, nor their number.
 */
function anonymous(reply: Reply): unknown {
  if (reply instanceof Map) return pairsOf([...(reply as ReadonlyMap<Reply, Reply>)].flat())
  if (!Array.isArray(reply)) return reply
  const items = reply as readonly Reply[]
  return INFO_NAMES.has(items[0])
    ? pairsOf(items)
    : items.filter(item => !isIdleConsumer(item)).map(anonymous)
}

/** What a map of XINFO begins with. */
const INFO_NAMES: ReadonlySet<Reply> = new Set(['length', 'name'])
/** What depends on the clock, or on a tree that we do not have. */
const UNTOLD_NAMES: ReadonlySet<Reply> = new Set([
  'seen-time',
  'active-time',
  'idle',
  'inactive',
  'radix-tree-nodes',
])

function pairsOf(items: readonly Reply[]): unknown {
  return Array.from({ length: items.length / 2 }, (_, i) => [items[2 * i], items[2 * i + 1]] as const)
    .filter(
      ([name, value]) => !UNTOLD_NAMES.has(name) && !(name === 'consumers' && typeof value === 'number'),
    )
    .map(([name, value]) => [name, name === 'pending' ? timeless(value) : anonymous(value)])
}

/** Pending entries without the time of their delivery. */
function timeless(pending: Reply): unknown {
  if (!Array.isArray(pending)) return pending
  return (pending as readonly (readonly Reply[])[]).map(entry => entry.toSpliced(-2, 1))
}

/** A consumer in XINFO, to which nothing is pending. */
function isIdleConsumer(item: Reply): boolean {
  const words = item instanceof Map ? [...(item as ReadonlyMap<Reply, Reply>)].flat() : item
  if (!Array.isArray(words)) return false
  const of = (name: string): Reply | undefined =>
    (words as readonly Reply[])[(words as Reply[]).indexOf(name) + 1]
  if (words[0] !== 'name' || words.includes('entries-read')) return false
  return of(words.includes('pel-count') ? 'pel-count' : 'pending') === 0
}

/** A flat list of fields and values as pairs, also behind the cursor of a scan. */
function paired(reply: Reply): Reply {
  if (!Array.isArray(reply)) return reply
  const items = reply as readonly Reply[]
  const last = items[items.length - 1]
  if (items.length === 2 && Array.isArray(last)) return [items[0], paired(last)]
  return Array.from({ length: items.length / 2 }, (_, i) => [items[2 * i], items[2 * i + 1]])
}

/**
 * The same with every text that is a number as a number: to the digits that distances have in common, and without the
 * sign of zero, which a listpack does not keep: it depends on the forms that a sorted set has been through.
 */
export function numbered(reply: Reply): Reply {
  if (typeof reply === 'number') return Number(reply.toPrecision(DIGITS)) + 0
  if (typeof reply === 'string') return NUMBER.test(reply) ? numbered(Number(reply)) : reply
  if (reply instanceof Push) return new Push(reply.items.map(numbered))
  return Array.isArray(reply) ? (reply as Reply[]).map(numbered) : reply
}
