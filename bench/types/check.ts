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
  ])
}
