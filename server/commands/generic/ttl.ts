/** How long a key will live, and until when. */

import type { Span } from '../../lib/bytes.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key } from '../../engine/grammar.js'
import { NEVER } from '../../data/entry.js'

/** Answers where there is no time to tell. */
const NO_KEY = -2
const NO_EXPIRY = -1

export const ttl = command('TTL', {
  does: 'Answers the seconds that a key has to live.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  tips: ['nondeterministic_output'],
  args: { key: key('RO', 'access') },
  run(ctx, { key }) {
    replyTime(ctx, key, at => toSeconds(remaining(at, ctx.now)))
  },
})

export const pttl = command('PTTL', {
  does: 'Answers the milliseconds that a key has to live.',
  since: '2.6.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  tips: ['nondeterministic_output'],
  args: { key: key('RO', 'access') },
  run(ctx, { key }) {
    replyTime(ctx, key, at => remaining(at, ctx.now))
  },
})

export const expiretime = command('EXPIRETIME', {
  does: 'Answers when a key will die, in unix seconds.',
  since: '7.0.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access') },
  run(ctx, { key }) {
    replyTime(ctx, key, toSeconds)
  },
})

export const pexpiretime = command('PEXPIRETIME', {
  does: 'Answers when a key will die, in unix milliseconds.',
  since: '7.0.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access') },
  run(ctx, { key }) {
    replyTime(ctx, key, at => at)
  },
})

/** `told` makes the answer of the unix ms at which the key dies. */
function replyTime({ db, reply }: Context, key: Span, told: (at: number | bigint) => number | bigint): void {
  const ref = db.inspect(key)
  if (ref === 0) {
    reply.int(NO_KEY)
    return
  }
  const at = db.expireAt(ref)
  reply.int(at === NEVER ? NO_EXPIRY : told(at))
}

function remaining(at: number | bigint, now: number): number | bigint {
  if (typeof at === 'number') return Math.max(0, at - now)
  const left = at - BigInt(now)
  return left < 0n ? 0 : left
}

/** To the nearest second. */
function toSeconds(ms: number | bigint): number | bigint {
  return typeof ms === 'number' ? Math.floor((ms + 500) / 1000) : (ms + 500n) / 1000n
}
