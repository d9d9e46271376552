/** XAUTOCLAIM: XCLAIM of whatever is pending too long, a piece at a time. */

import { StreamId } from '../../data/stream/stream-id.js'
import { command } from '../../engine/command.js'
import { bytes, key, readInteger } from '../../engine/grammar.js'
import { SYNTAX } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import { BAD_COUNT } from '../../resp/stream-errors.js'
import { Claimant, groupForClaim, readIdle } from './claim.js'
import { plusOne } from './counts.js'
import { readStart } from './ids.js'
import { mark, maybe, number, spelled, word } from './spelled.js'

const USUAL_COUNT = 100
/** Entries looked at for each that is asked for. */
const ATTEMPTS_PER_ENTRY = 10
/** What would fill the address space. */
const COUNT_MAX = (2 ** 63 - 1) / 16

const DOCS = [
  word('min-idle-time'),
  word('start'),
  maybe({ ...number('count'), token: 'COUNT' }),
  maybe(mark('JUSTID')),
]

export const xAutoClaim = command('XAUTOCLAIM', {
  does: 'Makes a consumer answer for entries that are pending for too long, and says where to go on.',
  since: '6.2.0',
  group: 'stream',
  complexity: 'O(1) for each entry looked at',
  flags: ['write', 'fast'],
  tips: ['nondeterministic_output'],
  args: {
    key: key('RW', 'delete'),
    group: bytes(),
    consumer: bytes(),
    options: spelled(2, DOCS, readAutoClaim),
  },
  run(ctx, { key, group: name, consumer, options: asked }) {
    const { stream, group } = groupForClaim(ctx, key, name)
    const claimant = new Claimant(ctx, key, stream, group, consumer)
    const { taken, gone, next } = sweep(claimant, asked)
    const { reply } = ctx
    const { writer } = ctx.keyspace.streams
    reply.array(3)
    writer.id(reply, next)
    reply.array(taken.length)
    for (const id of taken) claimant.reply(id, asked.justId)
    reply.array(gone.length)
    for (const id of gone) writer.id(reply, id)
    claimant.finish()
  },
})

interface Swept {
  readonly taken: readonly StreamId[]
  /** Ids that were pending of entries that are deleted. */
  readonly gone: readonly StreamId[]
  /** Where to go on; 0-0: this was the end. */
  readonly next: StreamId
}

function sweep(claimant: Claimant, { idleMs, start, count, justId }: AutoClaim): Swept {
  const { group, stream, ctx } = claimant
  const { pending } = group
  const taken: StreamId[] = []
  const gone: StreamId[] = []
  let more = pending.seek(start)
  for (
    let attempts = count * ATTEMPTS_PER_ENTRY;
    more && attempts > 0 && taken.length + gone.length < count;
    attempts--
  ) {
    const id = pending.id(new StreamId())
    if (!stream.holds(id)) {
      gone.push(id)
      more = claimant.drop(id)
      continue
    }
    if (group.ownerRef === 0 || ctx.now - group.deliveredMs >= idleMs) {
      claimant.take(id, ctx.now, justId ? group.deliveries : plusOne(group.deliveries))
      taken.push(id)
    }
    more = pending.next()
  }
  return { taken, gone, next: more ? pending.id(new StreamId()) : new StreamId() }
}

interface AutoClaim {
  readonly idleMs: number
  readonly start: StreamId
  readonly count: number
  readonly justId: boolean
}

function readAutoClaim(request: Request, at: number): AutoClaim {
  const { count: end } = request
  const idleMs = readIdle(request.word(at), 'XAUTOCLAIM')
  const start = readStart(request.word(at + 1))
  let count = USUAL_COUNT
  let justId = false
  for (at += 2; at < end; at++) {
    if (request.word(at).is('justid')) {
      justId = true
    } else if (request.word(at).is('count') && at + 1 < end) {
      count = readInteger(request.word(++at), BAD_COUNT)
      if (count < 1 || count > COUNT_MAX) throw BAD_COUNT
    } else {
      throw SYNTAX
    }
  }
  return { idleMs, start, count, justId }
}
