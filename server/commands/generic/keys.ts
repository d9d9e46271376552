/** Are the keys there, of what type, and away with them. */

import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key, row } from '../../engine/grammar.js'
import type { WordRow } from '../../engine/word-row.js'
import { Event } from '../../keyspace/events.js'

const SUM_OF_SHARDS = ['request_policy:multi_shard', 'response_policy:agg_sum']

export const del = command('DEL', {
  does: 'Deletes keys; answers how many there were.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(N), N being all elements of the keys deleted',
  flags: ['write'],
  tips: SUM_OF_SHARDS,
  args: { keys: row(key('RM', 'delete')) },
  run(ctx, { keys }) {
    remove(ctx, keys, ctx.lazyDelete)
  },
})

export const unlink = command('UNLINK', {
  does: 'Deletes keys now and frees what they held afterwards, in slices.',
  since: '4.0.0',
  group: 'generic',
  complexity: 'O(1) for each key',
  flags: ['write', 'fast'],
  tips: SUM_OF_SHARDS,
  args: { keys: row(key('RM', 'delete')) },
  run(ctx, { keys }) {
    remove(ctx, keys, true)
  },
})

function remove({ db, reply }: Context, keys: WordRow, lazily: boolean): void {
  let removed = 0
  for (const key of keys) {
    if (db.peek(key) === 0) continue
    db.delete(key, lazily)
    db.changed(key, Event.generic, 'del')
    removed++
  }
  reply.int(removed)
}

export const exists = command('EXISTS', {
  does: 'Counts which of the keys exist; a key named twice counts twice.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(N), N being the keys named',
  flags: ['readonly', 'fast'],
  tips: SUM_OF_SHARDS,
  args: { keys: row(key('RO')) },
  run({ db, reply }, { keys }) {
    let there = 0
    for (const key of keys) if (db.inspect(key) !== 0) there++
    reply.int(there)
  },
})

export const touch = command('TOUCH', {
  does: 'Marks keys as just used; answers how many there are.',
  since: '3.2.1',
  group: 'generic',
  complexity: 'O(N), N being the keys named',
  flags: ['readonly', 'fast'],
  tips: SUM_OF_SHARDS,
  args: { keys: row(key('RO')) },
  run({ db, reply }, { keys }) {
    let touched = 0
    for (const key of keys) {
      const ref = db.inspect(key)
      if (ref === 0) continue
      db.touch(ref)
      touched++
    }
    reply.int(touched)
  },
})

export const type = command('TYPE', {
  does: 'Names the type of what a key holds, or none.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO') },
  run({ db, keyspace, reply }, { key }) {
    const ref = db.inspect(key)
    reply.simple(ref === 0 ? 'none' : keyspace.kinds[keyspace.entries.type(ref)].name)
  },
})
