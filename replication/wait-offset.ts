/** WAITOFFSET: read your own writes on a replica. */

import { answerWhenReady } from '../server/engine/answer-when-ready.js'
import { command } from '../server/engine/command.js'
import type { Engine } from '../server/engine/engine.js'
import { bytes, integer, optional } from '../server/engine/grammar.js'
import { BAD_PLACE, LOST_WRITE, TIMEOUT_NEGATIVE, TIMEOUT_NOT_INTEGER } from '../server/resp/errors.js'
import type { ReplyWriter } from '../server/resp/reply.js'
import type { Place } from './history.js'
import { MASTER } from './master.js'
import { readPlace, reaches } from './place.js'

export const waitoffset = command('WAITOFFSET', {
  does: 'Waits until this server has what was written before a place in the history that CLIENT OFFSET has told.',
  since: '8.0.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['blocking'],
  acl: ['connection'],
  args: { place: bytes(), timeout: optional(integer({ error: TIMEOUT_NOT_INTEGER })) },
  run(ctx, { place, timeout }) {
    const wanted = readPlace(place.latin1(), ctx.engine.rooms.get(MASTER).history.replid)
    if (wanted === null) throw BAD_PLACE
    if (timeout !== null && timeout < 0) throw TIMEOUT_NEGATIVE
    const { reply } = ctx.session
    answerWhenReady(ctx, {
      kind: 'offset',
      timeoutMs: timeout ?? 0,
      tryToAnswer: () => answers(ctx.engine, reply, wanted),
      giveUp: () => reply.int(0),
    })
  },
})

/** Answers 1 when we have it; false: not yet. Throws when we never will. */
function answers({ rooms }: Engine, reply: ReplyWriter, wanted: Place): boolean {
  const { history, offset } = rooms.get(MASTER)
  const verdict = reaches(history, offset, wanted)
  if (verdict === 'never') throw LOST_WRITE
  if (verdict === 'yes') reply.int(1)
  return verdict === 'yes'
}
