import type { Random } from '../../server/lib/random.js'

/** Random writes to a few keys of every type: what changes, replaces, moves, and what ends a key. */

type Words = readonly (string | number)[]
type Make = (random: Random) => Words

const DATABASES = 3
const KEYS_PER_TYPE = 12

/** Seconds that do not pass in a test, and some that do. */
const LIFETIMES_MS = [1, 40, 500, 100_000, 9_000_000]

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]
const name = (type: string) => (random: Random) => `${type}:${random.below(KEYS_PER_TYPE)}`
const text = name('text')
const list = name('list')
const set = name('set')
const zset = name('zset')
const hash = name('hash')
const stream = name('stream')
const any = (random: Random): string => pick(random, [text, list, set, zset, hash, stream])(random)
/** Any of the same type as another. */
const pair = (random: Random): [string, string] => {
  const one = pick(random, [text, list, set, zset, hash, stream])
  return [one(random), one(random)]
}

function value(random: Random): string {
  const kind = random.below(6)
  if (kind === 0) return String(random.below(200) - 100)
  if (kind === 1) return String(random.uint32() * 4096)
  if (kind === 2) return 'long '.repeat(1 + random.below(200))
  if (kind === 3) return random.hex(80)
  return `value ${random.below(1000)}`
}

function values(random: Random): string[] {
  const count = random.below(20) === 0 ? 150 : 1 + random.below(6)
  return Array.from({ length: count }, () => value(random))
}

/** Such as every release prints alike. */
const score = (random: Random): string =>
  pick(random, ['1', '-2.5', 'inf', '-inf', String(random.below(8000) / 8 - 500)])

const MAKERS: readonly Make[] = [
  r => ['SET', text(r), value(r)],
  r => ['SET', text(r), value(r), 'PX', pick(r, LIFETIMES_MS)],
  r => ['SETRANGE', text(r), r.below(300), value(r)],
  r => ['APPEND', text(r), value(r)],
  r => ['INCR', text(r)],
  r => ['SETBIT', text(r), r.below(4000), r.below(2)],
  r => ['GETEX', text(r), 'PX', pick(r, LIFETIMES_MS)],
  r => ['GETDEL', text(r)],
  r => ['BITFIELD', text(r), 'INCRBY', 'u8', r.below(99), r.below(300)],
  r => ['PFADD', `log:${r.below(3)}`, ...values(r)],
  r => ['PFCOUNT', `log:${r.below(3)}`],
  r => ['PFMERGE', `log:${r.below(3)}`, `log:${r.below(3)}`],
  r => ['RPUSH', list(r), ...values(r)],
  r => ['LPUSH', list(r), ...values(r)],
  r => ['LPOP', list(r), 1 + r.below(3)],
  r => ['LSET', list(r), r.below(5), value(r)],
  r => ['LTRIM', list(r), 1, -2],
  r => ['LREM', list(r), 1, value(r)],
  r => ['LINSERT', list(r), 'BEFORE', value(r), value(r)],
  r => ['LMOVE', list(r), list(r), 'LEFT', 'RIGHT'],
  r => ['SADD', set(r), ...values(r)],
  r => ['SADD', set(r), r.below(50), r.below(50), r.below(50)],
  r => ['SREM', set(r), r.below(50)],
  r => ['SPOP', set(r), 1 + r.below(4)],
  r => ['SMOVE', set(r), set(r), r.below(50)],
  r => ['SUNIONSTORE', set(r), set(r), set(r)],
  r => ['ZADD', zset(r), ...values(r).flatMap(member => [score(r), member])],
  r => ['ZINCRBY', zset(r), r.below(9), value(r)],
  r => ['ZPOPMIN', zset(r), 1 + r.below(3)],
  r => ['ZUNIONSTORE', zset(r), 2, zset(r), set(r)],
  r => ['HSET', hash(r), ...values(r).flatMap(field => [field, value(r)])],
  r => ['HDEL', hash(r), value(r)],
  r => ['HINCRBY', hash(r), 'counter', r.below(9)],
  r => ['XADD', stream(r), '*', 'field', value(r), 'other', value(r)],
  r => ['XTRIM', stream(r), 'MAXLEN', r.below(20)],
  r => ['XGROUP', 'CREATE', stream(r), `group ${r.below(2)}`, '0'],
  r => ['XREADGROUP', 'GROUP', `group ${r.below(2)}`, 'me', 'COUNT', 2, 'STREAMS', stream(r), '>'],
  r => ['SORT', list(r), 'ALPHA', 'STORE', list(r)],
  r => ['DEL', any(r)],
  r => ['UNLINK', any(r)],
  r => ['PEXPIRE', any(r), pick(r, LIFETIMES_MS)],
  r => ['PERSIST', any(r)],
  r => ['RENAME', ...pair(r)],
  r => ['COPY', ...pair(r), 'REPLACE'],
  r => ['MOVE', any(r), r.below(DATABASES)],
  r => ['SELECT', r.below(DATABASES)],
]

const RARE: readonly Make[] = [
  r => ['SWAPDB', r.below(DATABASES), r.below(DATABASES)],
  r => ['FLUSHDB', pick(r, ['ASYNC', 'SYNC'])],
]
const RARELY = 150

/** Draws a write. `knows`: whether there is such a command. */
export function drawWrite(random: Random, knows: (command: string) => boolean): string[] {
  for (;;) {
    const words = pick(random, random.below(RARELY) === 0 ? RARE : MAKERS)(random).map(String)
    if (knows(words[0].toLowerCase())) return words
  }
}
