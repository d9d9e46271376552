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

const STRINGS = ['SET key:# xxx', 'GET key:#', 'INCR cnt:#', 'MSET key:# xxx key:# xxx']
const LISTS = ['LPUSH list ~', 'RPUSH list #', 'LPOP list', 'RPOP list', 'RPUSH lst:# # ~']
const HASHES = ['HSET hash # ~', 'HGET hash #', 'HSET hsh:# a # b ~']
const SETS = ['SADD set m:#', 'SISMEMBER set m:#', 'SPOP set', 'SADD int:# # #', 'SADD mem:# ~']
const SORTED_SETS = ['ZADD zset # m:#', 'ZSCORE zset m:#', 'ZPOPMIN zset', 'ZADD zst:# # ~']
const STREAMS = ['XADD stream * f ~', 'XADD str:# * f #']
const KEYS = ['PING', 'EXPIRE key:# 1000', 'EXISTS key:#', 'DEL key:#']
const CHANGES = [
  'INCR cnt:#',
  'SET key:# xxx',
  'APPEND txt:# ~',
  'HSET hsh:# a ~',
  'RPUSH lst:# #',
  'MULTI ; DEL key:# ; EXEC',
]

export const SCRIPT: readonly Scene[] = [
  { commands: STRINGS, rounds: 60 },
  { commands: [...LISTS, ...HASHES, ...SETS, ...SORTED_SETS, ...STREAMS, ...KEYS], rounds: 20 },
  { commands: CHANGES, rounds: 150, snapshots: true },
]
