/** BACKUP and its subcommands. */

import { help } from '../../server/commands/help.js'
import { answerWhenDone } from '../../server/engine/answer-when-done.js'
import { container, subcommand } from '../../server/engine/command.js'
import type { Context } from '../../server/engine/context.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { type CommandError, backupFailed } from '../../server/resp/errors.js'
import { holdUntil } from '../aof/hold.js'
import { BACKUP, type Backup } from './backup.js'

const common = { since: '8.10.0', group: 'server' } as const
const acts = { ...common, flags: ['admin', 'noscript'] } as const
const tells = { ...common, flags: ['admin', 'stale'] } as const

const backupOf = ({ engine }: Context): Backup => engine.rooms.get(BACKUP)

const start = subcommand('START', {
  ...acts,
  does: 'Begins to gather the files of a backup in `backupdirname`.',
  complexity: 'O(N) where N is the total number of keys in all databases, in the background',
  run(ctx) {
    backupOf(ctx).start(ctx.nested)
    ctx.reply.ok()
  },
})

const seal = subcommand('SEAL', {
  ...acts,
  does: 'Freezes the backup with all that was written up to now: base, increments and manifest.',
  complexity: 'O(1)',
  run(ctx) {
    if (ctx.nested) {
      sealAfterwards(ctx)
    } else {
      const sealed = backupOf(ctx).seal()
      answerWhenDone(
        ctx,
        sealed.then(() => null, refusal),
        null,
      )
    }
  },
})

const refusal = (error: unknown): CommandError => backupFailed(systemSentence(error))

/** A transaction is in the backup as a whole or not at all: it is sealed behind it. What fails then, STATUS tells. */
function sealAfterwards(ctx: Context): void {
  const backup = backupOf(ctx)
  backup.requireSealable()
  const { clock } = ctx.engine
  const later = new Promise<void>(resolve => clock.soon(resolve)).then(() => backup.seal())
  holdUntil(ctx.session, later)
  ctx.reply.ok()
}

const abort = subcommand('ABORT', {
  ...acts,
  does: 'Gives up a backup that is still open, and its files.',
  complexity: 'O(1)',
  run(ctx) {
    holdUntil(ctx.session, backupOf(ctx).abort())
    ctx.reply.ok()
  },
})

const cleanUp = subcommand('CLEANUP', {
  ...acts,
  does: "Removes the backup's files and returns to idle.",
  complexity: 'O(1)',
  run(ctx) {
    const backup = backupOf(ctx)
    backup.requireOver()
    holdUntil(ctx.session, backup.cleanUp())
    ctx.reply.ok()
  },
})

const status = subcommand('STATUS', {
  ...tells,
  does: 'Reports the state of the backup, what went wrong, and when it started and was sealed.',
  complexity: 'O(1)',
  run(ctx) {
    const { state, error, startMs, endMs } = backupOf(ctx)
    const { reply } = ctx
    reply.map(4)
    reply.text('state')
    reply.text(state)
    reply.text('error')
    reply.text(error)
    reply.text('start_time')
    reply.int(Math.floor(startMs / 1000))
    reply.text('end_time')
    reply.int(Math.floor(endMs / 1000))
  },
})

const list = subcommand('LIST', {
  ...tells,
  does: 'Lists the files, under absolute paths, that will not change any more.',
  complexity: 'O(N) where N is the number of files',
  run(ctx) {
    const { files } = backupOf(ctx).folder
    ctx.reply.array(files.length)
    for (const file of files) ctx.reply.text(file)
  },
})

export const backup = container(
  'BACKUP',
  {
    ...common,
    arity: 2,
    does: 'Commands about backups: the data of one instant in files that stay.',
    complexity: 'Depends on subcommand.',
  },
  [start, seal, abort, cleanUp, status, list, help('server', '8.10.0')],
)
