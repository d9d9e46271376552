/**
 * What is played at a rehearsal: the commands that most servers are asked most. In the words, `#` stands for a number and
 * `~` for a text, others in each command; ` ; ` stands between commands that follow each other.
 */

export interface Scene {
  readonly commands: readonly string[]
  /** How many pipelines of each command are played, by turns. */
  readonly rounds: number
  /** Commands that come at once: PIPELINE, unless there is another number. */
  readonly pipeline?: number
  /** Snapshots are under way meanwhile, */
  readonly snapshots?: boolean
  /** or a replica follows. */
  readonly followed?: boolean
}

export const PIPELINE = 16

export const SCRIPT: readonly Scene[] = [
  { commands: ['SET key:# xxx', 'GET key:#', 'INCR cnt:#', 'MSET key:# xxx key:# xxx', 'PING'], rounds: 40 },
  // More than is read at once: requests are cut in the middle.
  { commands: ['SET key:# xxx'], rounds: 2, pipeline: 2500 },
  {
    commands: [
      'SET key:# xxx',
      'INCR cnt:#',
      'SET other # ; SET other xxx',
      'APPEND txt:# ~',
      'RPUSH lst:# xxx',
      'HSET hsh:# element:# xxx',
      'SADD set:# element:#',
      'ZADD zst:# # element:#',
      'XADD str:# * field xxx',
      'EXPIRE key:# 1000',
      'MULTI ; DEL key:# ; EXEC',
    ],
    rounds: 35,
    snapshots: true,
  },
  { commands: ['SET key:# xxx', 'MULTI ; DEL key:# ; EXEC'], rounds: 60, followed: true },
]
