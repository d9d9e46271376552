import { type Caller, checkSession } from '../load/check.js'

/** As in load/check.ts: before a figure counts, the commands do what they say. */
export async function checkTypes(server: Caller): Promise<void> {
  await checkSession(server, [
    ['RPUSH bench:list b c', 2],
    ['LPUSH bench:list a', 3],
    ['LRANGE bench:list 0 -1', ['a', 'b', 'c']],
    ['LPOP bench:list', 'a'],
    ['RPOP bench:list', 'c'],
    ['SADD bench:set a', 1],
    ['SADD bench:set a', 0],
    ['SPOP bench:set', 'a'],
    ['SCARD bench:set', 0],
    ['HSET bench:hash a 1', 1],
    ['HGET bench:hash a', '1'],
    ['ZADD bench:zset 2 b', 1],
    ['ZADD bench:zset 1 a', 1],
    ['ZRANK bench:zset b', 1],
    ['ZRANGE bench:zset 0 -1', ['a', 'b']],
    ['ZRANGEBYSCORE bench:zset 2 +inf LIMIT 0 10', ['b']],
    ['ZPOPMIN bench:zset', ['a', '1']],
    ['XADD bench:stream 1-1 f v', '1-1'],
    ['XGROUP CREATE bench:stream g 0', 'OK'],
    ['XREADGROUP GROUP g me COUNT 1 STREAMS bench:stream >', [['bench:stream', [['1-1', ['f', 'v']]]]]],
    ['XACK bench:stream g 1-1', 1],
    ['XLEN bench:stream', 1],
  ])
}
