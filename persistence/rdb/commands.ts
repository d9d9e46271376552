/** SAVE, BGSAVE and LASTSAVE. */

import { answerWhenDone } from '../../server/engine/answer-when-done.js'
import { command } from '../../server/engine/command.js'
import type { Context } from '../../server/engine/context.js'
import { choice, nothing, options } from '../../server/engine/grammar.js'
import {
  ANOTHER_SNAPSHOT,
  type CommandError,
  NO_SAVE_TO_CANCEL,
  SAVE_IN_PROGRESS,
  saveFailed,
} from '../../server/resp/errors.js'
import { KEEPER, type Outcome, type SnapshotKeeper } from './keeper.js'

const keeperOf = ({ engine }: Context): SnapshotKeeper => engine.rooms.get(KEEPER)

/** The client waits; others do not. What they change meanwhile is not in the file. */
export const save = command('SAVE', {
  does: 'Writes all keys, as they are now, to the snapshot file, and answers when they are safe.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(N) where N is the total number of keys in all databases',
  flags: ['admin', 'noscript', 'no_async_loading', 'no_multi'],
  run(ctx) {
    const keeper = keeperOf(ctx)
    if (keeper.saving !== null) throw SAVE_IN_PROGRESS
    const failure = (outcome: Outcome): CommandError | null =>
      outcome === 'saved' ? null : saveFailed(keeper.lastError)
    answerWhenDone(ctx, keeper.save().then(failure), saveFailed(keeper.lastError))
  },
})

export const bgsave = command('BGSAVE', {
  does: 'Writes all keys, as they are now, to the snapshot file in the background; CANCEL stops that.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'no_async_loading'],
  args: { options: options({ how: choice({ SCHEDULE: nothing(), CANCEL: nothing() }) }, { once: true }) },
  run(ctx, { options }) {
    const keeper = keeperOf(ctx)
    if (options.how?.token === 'CANCEL') cancel(ctx, keeper)
    else begin(ctx, keeper, options.how?.token === 'SCHEDULE')
  },
})

function begin({ reply, nested }: Context, keeper: SnapshotKeeper, mayWait: boolean): void {
  if (keeper.saving !== null) throw SAVE_IN_PROGRESS
  if (!keeper.busy && !nested) {
    keeper.background()
    reply.simple('Background saving started')
    return
  }
  if (!mayWait && !nested) throw ANOTHER_SNAPSHOT
  keeper.scheduled = true
  reply.simple('Background saving scheduled')
}

function cancel({ reply }: Context, keeper: SnapshotKeeper): void {
  if (keeper.cancel()) {
    reply.simple('Background saving cancelled')
  } else if (keeper.scheduled) {
    keeper.scheduled = false
    reply.simple('Scheduled background saving cancelled')
  } else {
    throw NO_SAVE_TO_CANCEL
  }
}

export const lastSave = command('LASTSAVE', {
  does: 'Returns the unix time of the last successful save; of the start, when there was none since.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  acl: ['admin', 'dangerous'],
  tips: ['nondeterministic_output'],
  run(ctx) {
    ctx.reply.int(Math.floor(keeperOf(ctx).lastSaveMs / 1000))
  },
})
