/** Whole databases: chosen, exchanged, emptied. */

import type { Span } from '../../lib/bytes.js'
import { parseInteger } from '../../lib/integer.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { choice, nothing, options } from '../../engine/grammar.js'
import type { Database } from '../../keyspace/database.js'
import { type CommandError, INVALID_FIRST_DB, INVALID_SECOND_DB } from '../../resp/errors.js'
import { databaseAt, databaseIndex } from './database-index.js'
import { unread } from './unread.js'

const FLUSH_TIPS = ['request_policy:all_shards', 'response_policy:all_succeeded']

export const select = command('SELECT', {
  does: 'Chooses the database of this connection.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  args: { index: databaseIndex() },
  run(ctx, { index }) {
    ctx.session.db = databaseAt(ctx, index)
    ctx.reply.ok()
  },
})

export const swapdb = command('SWAPDB', {
  does: 'Exchanges the contents of two databases.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(N), N being the clients that watch or wait for keys of the two',
  flags: ['write', 'fast'],
  acl: ['keyspace', 'dangerous'],
  args: { index1: unread(), index2: unread() },
  run(ctx, { index1, index2 }) {
    const first = indexOr(index1, INVALID_FIRST_DB)
    const second = indexOr(index2, INVALID_SECOND_DB)
    ctx.keyspace.swap(databaseAt(ctx, first), databaseAt(ctx, second))
    ctx.keyspace.dirty++
    ctx.reply.ok()
  },
})

function indexOr(word: Span, error: CommandError): number {
  const index = parseInteger(word)
  if (index !== (index | 0)) throw error
  return index
}

const mode = () => options({ mode: choice({ ASYNC: nothing(), SYNC: nothing() }) }, { once: true })

export const flushdb = command('FLUSHDB', {
  does: 'Deletes all keys of the database.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(N), N being the keys of the database',
  flags: ['write'],
  acl: ['keyspace', 'dangerous'],
  tips: FLUSH_TIPS,
  args: { options: mode() },
  run(ctx, { options }) {
    flush(ctx, [ctx.db], options.mode?.token)
  },
})

export const flushall = command('FLUSHALL', {
  does: 'Deletes all keys of all databases.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(N), N being the keys of all databases',
  flags: ['write'],
  acl: ['keyspace', 'dangerous'],
  tips: FLUSH_TIPS,
  args: { options: mode() },
  run(ctx, { options }) {
    flush(ctx, ctx.keyspace.databases, options.mode?.token)
    for (const hook of ctx.engine.onFlushAll) hook()
  },
})

/** Remembered even when there was nothing to delete: a replica may have what we have not. */
function flush(ctx: Context, databases: readonly Database[], mode: 'ASYNC' | 'SYNC' | undefined): void {
  const lazily = mode === undefined ? ctx.config.values.lazyfreeLazyUserFlush : mode === 'ASYNC'
  ctx.keyspace.dirty += ctx.keyspace.flush(databases, lazily)
  ctx.propagateList(ctx.request.list())
  ctx.reply.ok()
}
