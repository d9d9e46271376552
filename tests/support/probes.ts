import type { Random } from '../../server/lib/random.js'
import type { Line } from './request.js'

/** Commands that look at a key `k` of a type from every side, and such that change it. */

const EVERY: readonly Line[] = [
  'OBJECT ENCODING k',
  'MEMORY USAGE k',
  'DEBUG DIGEST-VALUE k',
  'DUMP k',
  'SORT k ALPHA LIMIT 0 20',
  'COPY k copy REPLACE',
  'DEBUG DIGEST-VALUE copy',
  'TTL k',
]

const READS: Readonly<Record<string, readonly Line[]>> = {
  string: ['GET k', 'STRLEN k', 'GETRANGE k 1 -2', 'BITCOUNT k', 'LCS k k LEN', 'PFCOUNT k'],
  list: [
    ...['LLEN k', 'LRANGE k 0 -1', 'LRANGE k -3 -2', 'LINDEX k 1', 'LINDEX k -2'],
    ...['LPOS k a COUNT 0', 'LPOS k a RANK -1'],
  ],
  set: [
    ...['SCARD k', 'SMEMBERS k', 'SISMEMBER k a', 'SMISMEMBER k 1 b', 'SRANDMEMBER k 3', 'SRANDMEMBER k -5'],
    ...['SSCAN k 0 COUNT 100', 'SINTER k k', 'SUNION k other', 'SDIFF k other', 'SINTERCARD 1 k'],
  ],
  zset: [
    ...['ZCARD k', 'ZRANGE k 0 -1 WITHSCORES', 'ZRANGE k -inf +inf BYSCORE', 'ZRANGE k - + BYLEX'],
    ...['ZREVRANGE k 0 -1', 'ZRANK k a', 'ZREVRANK k b', 'ZSCORE k a', 'ZCOUNT k -inf (3', 'ZLEXCOUNT k - +'],
    ...[
      'ZRANDMEMBER k 3 WITHSCORES',
      'ZSCAN k 0',
      'ZUNION 2 k other WITHSCORES',
      'ZINTER 1 k',
      'ZMSCORE k a b',
    ],
  ],
  hash: [
    ...['HLEN k', 'HGETALL k', 'HKEYS k', 'HVALS k', 'HGET k f', 'HMGET k f g none', 'HSTRLEN k f'],
    ...['HRANDFIELD k 3 WITHVALUES', 'HRANDFIELD k -5', 'HSCAN k 0', 'HTTL k FIELDS 2 f g', 'HEXISTS k none'],
  ],
  stream: [
    ...['XLEN k', 'XRANGE k - +', 'XREVRANGE k + -', 'XRANGE k 1-1 2-0 COUNT 1', 'XREAD COUNT 3 STREAMS k 0'],
    ...['XINFO STREAM k', 'XINFO STREAM k FULL', 'XINFO GROUPS k', 'XINFO CONSUMERS k g'],
    ...['XPENDING k g', 'XPENDING k g - + 10', 'XPENDING k g IDLE 1 - + 10 c'],
  ],
}

const WRITES: Readonly<Record<string, readonly Line[]>> = {
  string: ['APPEND k x', 'SETRANGE k 3 yy', 'INCR k', 'SETBIT k 7 1', 'GETDEL k'],
  list: [
    ...['LPUSH k new', 'RPUSH k 12 last', 'LINSERT k BEFORE a x', 'LSET k 0 first', 'LREM k 1 a'],
    ...['LTRIM k 1 -2', 'LPOP k 2', 'RPOP k', 'LMOVE k k LEFT RIGHT'],
  ],
  set: ['SADD k 1 new 99999999999', 'SREM k a 7', 'SPOP k', 'SMOVE k other b', 'SPOP k 2'],
  zset: [
    ...['ZADD k 5 new', 'ZADD k 1e300 a', 'ZINCRBY k 2 a', 'ZREM k b', 'ZPOPMIN k', 'ZPOPMAX k'],
    ...['ZREMRANGEBYRANK k 0 0', 'ZREMRANGEBYSCORE k -inf 1', 'ZRANGESTORE other k 0 2'],
  ],
  hash: [
    ...['HSET k f x new y', 'HDEL k g', 'HINCRBY k f 1', 'HINCRBYFLOAT k n 1.5', 'HSETNX k f z'],
    ...['HPEXPIREAT k 99999999999 FIELDS 1 f', 'HPERSIST k FIELDS 1 f'],
  ],
  stream: [
    ...['XADD k * a b', 'XADD k 9999999999999-1 f v', 'XDEL k 1-1 2-0', 'XREADGROUP GROUP g c STREAMS k >'],
    ...['XREADGROUP GROUP g d STREAMS k 0', 'XACK k g 1-1', 'XCLAIM k g d 0 2-0', 'XAUTOCLAIM k g e 0 0'],
    ...['XTRIM k MAXLEN 1', 'XGROUP SETID k g 0', 'XGROUP DELCONSUMER k g c', 'XGROUP DESTROY k g'],
    'XSETID k 99999999999999-0',
  ],
}

export function readsOf(type: string): readonly Line[] {
  return [...EVERY, ...(READS[type] ?? [])]
}

/** Some of them, in their order. */
export function writesOf(type: string, random: Random): readonly Line[] {
  return (WRITES[type] ?? []).filter(() => random.below(3) > 0)
}
