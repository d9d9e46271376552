import type { Words } from './family.js'

/** Requests that must not be asked, though chance makes them: the answer would say nothing, or take too long. */

/** Where it saturates Redis itself counts over, and ends at the other end. */
const LEAST = '-9223372036854775808'
/** A time to live shorter than this, in s or ms, may end while the trial lasts. */
const NEAR = 100_000
/** A date before this is past, or nearly so. */
const PAST: Readonly<Record<string, number>> = { exat: 2e9, pxat: 2e12 }
/** Bytes that a string may be made to have. */
const LONG = 100_000

/** Where the command has a time to live, or an offset of bytes or bits. */
const TTL_AT: Readonly<Record<string, number>> = {
  expire: 2,
  pexpire: 2,
  expireat: 2,
  pexpireat: 2,
  setex: 2,
  psetex: 2,
}
const OFFSET_AT: Readonly<Record<string, number>> = { setrange: 2, setbit: 2 }
/** Kinds of keys that are kept apart: the commands that ask only for these, and those that may as well. */
const APART: Readonly<Record<string, { readonly asks: RegExp; readonly also: RegExp }>> = {
  lex: {
    asks: /^z(lexcount|(rev)?rangebylex|remrangebylex)$/,
    also: /^(zadd|z(rev)?range|zrem|zcard|z(rev)?rank|zm?score|zpop(min|max)|zremrangebyrank|zrangestore)$/,
  },
  geo: { asks: /^geo/, also: /^(zrange|zrem|zcard|zscore)$/ },
}
const TTL_TOKEN = /^p?ex(at)?$/i

export function isVetoed(words: Words): boolean {
  const name = words[0].toLowerCase()
  return (
    leavesItsKind(name, words) ||
    diesSoon(name, words) ||
    growsLong(name, words) ||
    dependsOnNow(name, words) ||
    isLeftToChance(name, words) ||
    isNewer(name, words) ||
    watchesStream(name, words) ||
    waitsForReplicas(name, words) ||
    damagesSketch(name, words) ||
    boundsWithNul(name, words) ||
    isTooShortForCommand(name, words)
  )
}

/** What takes too long, or for ever, wherever it is asked. */
export function cannotEnd(words: Words): boolean {
  const name = words[0].toLowerCase()
  return growsLong(name, words) || waitsForReplicas(name, words)
}

/** Whoever is born dead is counted for as long as nobody meets it: GETEX buries it at once. */
function diesSoon(name: string, words: Words): boolean {
  const ttl = words[TTL_AT[name] ?? words.length]
  if (isBetween(ttl, 0, NEAR)) return true
  const near = (token: string): number => (name === 'getex' ? NEAR : (PAST[token.toLowerCase()] ?? NEAR))
  return words.some((word, index) => TTL_TOKEN.test(word) && isBetween(words[index + 1], 0, near(word)))
}

function growsLong(name: string, words: Words): boolean {
  if (name === 'bitfield')
    return words.some(word => word === LEAST || isBetween(word.replace('#', ''), LONG, Infinity))
  return isBetween(words[OFFSET_AT[name] ?? words.length], LONG, name === 'setbit' ? 2 ** 32 : 2 ** 29)
}

/** A lex range of unequal scores, a place made of any score: nobody says what these are. */
function leavesItsKind(name: string, words: Words): boolean {
  const kinds = new Set(words.flatMap(word => /^([a-z]+):\d$/.exec(word)?.[1] ?? []))
  for (const [kind, { asks, also }] of Object.entries(APART)) {
    if (asks.test(name) ? kinds.size !== 1 || !kinds.has(kind) : kinds.has(kind) && !also.test(name))
      return true
  }
  if (name === 'zrangestore' && kinds.size > 1) return kinds.has('lex') || kinds.has('geo')
  if (name === 'zadd' && kinds.has('lex'))
    return words.some((word, i) => i >= 2 && i % 2 === 0 && word !== '0')
  return !kinds.has('lex') && words.some(word => /^bylex$/i.test(word))
}

/** Relative times under a condition on times, and ids made from the clock. */
function dependsOnNow(name: string, words: Words): boolean {
  if (name === 'expire' || name === 'pexpire') return words.slice(3).some(word => /^(gt|lt)$/i.test(word))
  return name === 'xadd' && words.includes('*')
}

/** Random draws of fewer than all, and pages of a walk. */
function isLeftToChance(name: string, words: Words): boolean {
  if (name.endsWith('scan'))
    return words[name === 'scan' ? 1 : 2] !== '0' || !/(^|,)COUNT,100000(,|$)/i.test(words.join())
  if (name === 'spop') return words.length < 3 || isBetween(words[2], 0, 100_000)
  if (/^([sz]randmember|hrandfield)$/.test(name))
    return isBetween(words[2], -Infinity, -1000) && words[2] !== LEAST
  return /^sort/.test(name) && leavesOrderOpen(words)
}

/** SORT of a set in no order, or by texts that may be missing: equals come in an order of their own. */
function leavesOrderOpen(words: Words): boolean {
  const says = (token: string): number => words.findIndex(word => word.toLowerCase() === token)
  if (says('by') < 0) return false
  return (
    says('alpha') > 0 ||
    (!(words[says('by') + 1] ?? '').includes('*') && !(words[1] ?? '').startsWith('list:'))
  )
}

/** What later releases take: ZRANK WITHSCORE (7.2), XREAD + (7.4), BITCOUNT without an end, AGGREGATE COUNT (8.x). */
function isNewer(name: string, words: Words): boolean {
  if (name === 'command' && words.length > 3) return isNewer(words[2].toLowerCase(), words.slice(2))
  if (/^z(rev)?rank$/.test(name)) return words.length > 3
  if (name === 'xread') return words.includes('+')
  if (words.some((word, i) => /^aggregate$/i.test(word) && /^count$/i.test(words[i + 1] ?? ''))) return true
  return name === 'bitcount' && words.length === 3
}

/** Since 7.2 COMMAND GETKEYS may be asked of a command alone. */
function isTooShortForCommand(name: string, words: Words): boolean {
  return name === 'command' && words.length < 4
}

/** In Redis some XGROUP subcommands change a stream without breaking a WATCH of it. */
function watchesStream(name: string, words: Words): boolean {
  return name === 'watch' && words.some(word => word.startsWith('stream:'))
}

/** There are none, and while our clock stands no time runs out. */
function waitsForReplicas(name: string, words: Words): boolean {
  return name === 'wait' && isBetween(words[1], 0, Infinity)
}

/**
 * Of a HyperLogLog that is none any more PFADD adds in Redis what still finds a place before it says so; here bad input
 * changes nothing. So nobody writes into one but its own commands, and these ask for no other strings.
 */
function damagesSketch(name: string, words: Words): boolean {
  if (name.startsWith('pf')) return words.some(word => /^(string|bits):/.test(word))
  return /^(append|set(bit|range)|bit(field|op))$/.test(name) && words.some(word => word.startsWith('hll:'))
}

/** To Redis a bound ends at its first NUL, and so a change by such a range is another one. */
function boundsWithNul(name: string, words: Words): boolean {
  return /^z(rangestore|remrangebyscore)$/.test(name) && words.some(word => word.includes('\0'))
}

function isBetween(word: string | undefined, low: number, high: number): boolean {
  const value = Number(word ?? NaN)
  return value > low && value < high
}
