/**
 * What is played at a rehearsal: the commands that most servers are asked most. In the words, `#` stands for a number and
 * `~` for a text, another one each time; ` ; ` stands between commands that follow each other.
 */

export interface Scene {
  readonly commands: readonly string[]
  /** How many pipelines of each command are played, by turns. */
  readonly rounds: number
  /** Snapshots are under way meanwhile. */
  readonly snapshots?: boolean
}

/** Commands that come at once. */
export const PIPELINE = 16

const STRINGS = ['SET s:# ~', 'GET s:#', 'SET s:# #', 'GET s:#', 'INCR n:#', 'MSET s:1# ~ s:2# #']
const LISTS = ['LPUSH list ~', 'RPUSH list #', 'LPOP list', 'RPOP list', 'RPUSH l:# # ~']
const HASHES = ['HSET hash # ~', 'HGET hash #', 'HSET h:# a # b ~']
const SETS = ['SADD set m:#', 'SISMEMBER set m:#', 'SPOP set', 'SADD i:# # #', 'SADD m:# ~']
const SORTED_SETS = ['ZADD zset # m:#', 'ZSCORE zset m:#', 'ZPOPMIN zset', 'ZADD z:# # ~']
const STREAMS = ['XADD stream * f ~', 'XADD x:# * f #']
const KEYS = ['PING', 'EXPIRE s:# 1000', 'EXISTS s:#', 'DEL s:#']
const CHANGES = ['INCR n:#', 'SET s:# ~', 'HSET h:# a ~', 'RPUSH l:# #', 'MULTI ; DEL s:# ; EXEC']

export const SCRIPT: readonly Scene[] = [
  { commands: STRINGS, rounds: 60 },
  { commands: [...LISTS, ...HASHES, ...SETS, ...SORTED_SETS, ...STREAMS, ...KEYS], rounds: 20 },
  { commands: CHANGES, rounds: 150, snapshots: true },
]
