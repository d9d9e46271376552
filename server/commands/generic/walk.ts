/** Through all the keys of a database. */

import type { Span } from '../../lib/bytes.js'
import { Glob } from '../../lib/glob.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, integer, options, pattern, token } from '../../engine/grammar.js'
import type { Database } from '../../keyspace/database.js'
import { scanAbout } from '../../memory/dict-scan.js'
import { SYNTAX } from '../../resp/errors.js'
import { cursor } from './cursor.js'

/** Names that RANDOMKEY draws on a replica, where all may be dead and none can be buried. */
const DRAWS_MAX = 100

export const keys = command('KEYS', {
  does: 'Lists the keys that match a pattern, all in one go.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(N), N being the keys of the database',
  flags: ['readonly'],
  acl: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
  args: { pattern: pattern() },
  run(ctx, { pattern }) {
    const { db, reply, span, keyspace } = ctx
    const glob = new Glob(pattern)
    const open = reply.openArray()
    let count = 0
    db.tables.keys.forEach(ref => {
      const key = keyspace.entries.key(ref, span)
      if (!(glob.isStar || glob.matches(key)) || db.isDue(ref)) return
      reply.bulk(key)
      count++
    })
    reply.closeArray(open, count)
  },
})

export const scan = command('SCAN', {
  does: 'Lists keys in steps: each answers the cursor of the next, the last one 0.',
  since: '2.8.0',
  group: 'generic',
  complexity: 'O(1) for a step, O(N) for all N keys',
  flags: ['readonly'],
  tips: ['nondeterministic_output', 'request_policy:special', 'response_policy:special'],
  args: {
    cursor: cursor(),
    options: options({
      pattern: token('MATCH', pattern()),
      count: token('COUNT', integer()),
      type: token('TYPE', bytes()),
    }),
  },
  run(ctx, { cursor, options }) {
    const { db, reply, keyspace, engine } = ctx
    const count = options.count ?? 10
    if (count < 1) throw SYNTAX
    const refs: number[] = []
    const next = collect(db, cursor, count, refs)
    engine.journal.loosen()
    const matches = likeness(ctx, options.pattern)
    const isOfType = typing(ctx, options.type)
    reply.array(2)
    reply.text(`${next}`)
    const open = reply.openArray()
    let found = 0
    for (const ref of refs) {
      if (!matches(ref) || isDead(db, ref) || !isOfType(ref)) continue
      reply.bulk(keyspace.entries.key(ref, ctx.span))
      found++
    }
    reply.closeArray(open, found)
  },
})

/** Goes on with an iteration until about `count` entries are met; answers the next cursor. */
function collect(db: Database, cursor: number, count: number, refs: number[]): number {
  return scanAbout(db.tables.keys, cursor, count, ref => {
    refs.push(ref)
  })
}

/** Whether MATCH lets the key of an entry pass. */
function likeness(ctx: Context, pattern: Span | null): (ref: number) => boolean {
  const { entries } = ctx.keyspace
  const glob = pattern === null ? null : new Glob(pattern)
  return ref => glob === null || glob.isStar || glob.matches(entries.key(ref, ctx.span))
}

/** Whether TYPE lets an entry pass. */
function typing({ keyspace }: Context, type: Span | null): (ref: number) => boolean {
  const { entries, kinds } = keyspace
  return ref => type === null || type.is(kinds[entries.type(ref)].name)
}

/** True for an entry whose time has come; where keys die by the clock, this one does. */
function isDead(db: Database, ref: number): boolean {
  if (!db.isDue(ref)) return false
  if (db.keyspace.expiryMode === 'delete') db.expireEntry(ref)
  return true
}

export const randomkey = command('RANDOMKEY', {
  does: 'Names some key.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly'],
  tips: ['request_policy:all_shards', 'response_policy:special', 'nondeterministic_output'],
  run({ db, reply, engine, keyspace, span }) {
    engine.journal.loosen()
    const ref = draw(db)
    if (ref === 0) reply.null()
    else reply.bulk(keyspace.entries.key(ref, span))
  },
})

function draw(db: Database): number {
  const { keyspace } = db
  for (let draws = 1; ; draws++) {
    const ref = db.tables.keys.random(keyspace.random)
    if (ref === 0 || !isDead(db, ref)) return ref
    const allMayBeDead = keyspace.expiryMode !== 'delete' && db.volatile === db.size
    if (allMayBeDead && draws === DRAWS_MAX) return ref
  }
}

export const dbsize = command('DBSIZE', {
  does: 'Counts the keys of the database.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  tips: ['request_policy:all_shards', 'response_policy:agg_sum'],
  run({ db, reply }) {
    reply.int(db.size)
  },
})
