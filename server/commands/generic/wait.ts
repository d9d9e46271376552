/** Waiting until others have what this connection wrote: replicas in memory, or disks. */

import { answerWhenReady } from '../../engine/answer-when-ready.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { integer } from '../../engine/grammar.js'
import type { Session } from '../../engine/session.js'
import {
  MUST_BE_POSITIVE,
  TIMEOUT_NEGATIVE,
  TIMEOUT_NOT_INTEGER,
  WAITAOF_ON_REPLICA,
  WAITAOF_WITHOUT_AOF,
  WAIT_ON_REPLICA,
  outOfRange,
} from '../../resp/errors.js'

const POLICIES = ['request_policy:all_shards', 'response_policy:agg_min']

export const wait = command('WAIT', {
  does: 'Waits until so many replicas have what this connection wrote.',
  since: '3.0.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['blocking'],
  acl: ['connection'],
  tips: POLICIES,
  args: { numreplicas: integer(), timeout: integer({ error: TIMEOUT_NOT_INTEGER }) },
  run(ctx, { numreplicas, timeout }) {
    const { acknowledgements } = ctx.engine
    if (acknowledgements.onReplica) throw WAIT_ON_REPLICA
    if (timeout < 0) throw TIMEOUT_NEGATIVE
    awaitAcknowledgement(ctx, timeout, {
      enough: session => acknowledgements.replicas(session) >= numreplicas,
      answer: session => session.reply.int(acknowledgements.replicas(session)),
    })
  },
})

export const waitaof = command('WAITAOF', {
  does: 'Waits until what this connection wrote is on the disk here and on so many replicas.',
  since: '7.2.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['blocking'],
  acl: ['connection'],
  tips: POLICIES,
  args: {
    numlocal: integer(),
    numreplicas: integer(),
    timeout: integer({ error: TIMEOUT_NOT_INTEGER }),
  },
  run(ctx, { numlocal, numreplicas, timeout }) {
    const { acknowledgements } = ctx.engine
    if (acknowledgements.onReplica) throw WAITAOF_ON_REPLICA
    if (numlocal < 0 || numlocal > 1) throw outOfRange(0, 1)
    if (numreplicas < 0) throw MUST_BE_POSITIVE
    if (timeout < 0) throw TIMEOUT_NEGATIVE
    if (numlocal > 0 && !ctx.config.values.appendonly) throw WAITAOF_WITHOUT_AOF
    awaitAcknowledgement(ctx, timeout, {
      enough: session =>
        acknowledgements.localDisks(session) >= numlocal &&
        acknowledgements.replicaDisks(session) >= numreplicas,
      answer: session => {
        session.reply.array(2)
        session.reply.int(acknowledgements.localDisks(session))
        session.reply.int(acknowledgements.replicaDisks(session))
      },
    })
  },
})

interface Wanted {
  readonly enough: (session: Session) => boolean
  /** Writes how many there are, enough or not. */
  readonly answer: (session: Session) => void
}

function awaitAcknowledgement(ctx: Context, timeoutMs: number, { enough, answer }: Wanted): void {
  const { session, engine } = ctx
  const tryToAnswer = (): boolean => {
    if (!enough(session)) return false
    answer(session)
    return true
  }
  const giveUp = (): void => answer(session)
  if (answerWhenReady(ctx, { kind: 'replicas', timeoutMs, tryToAnswer, giveUp }))
    engine.acknowledgements.request()
}
