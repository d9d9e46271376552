/** A value under another name, or in another database. */

import type { Span } from '../../lib/bytes.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { flag, key, options, token } from '../../engine/grammar.js'
import type { Database } from '../../keyspace/database.js'
import { Event } from '../../keyspace/events.js'
import { NO_SUCH_KEY, SAME_OBJECT } from '../../resp/errors.js'
import { databaseAt, databaseIndex } from './database-index.js'
import { Replacement } from './replacement.js'
import { copyEntry, moveEntry } from '../../keyspace/transfer.js'

export const rename = command('RENAME', {
  does: 'Gives a key another name; what had that name is gone.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1), and freeing what had the new name',
  flags: ['write'],
  args: { key: key('RW', 'access', 'delete'), newkey: key('OW', 'update') },
  run(ctx, { key, newkey }) {
    if (ctx.db.write(key) === 0) throw NO_SUCH_KEY
    if (!key.equals(newkey)) changeName(ctx, key, newkey)
    ctx.reply.ok()
  },
})

export const renamenx = command('RENAMENX', {
  does: 'Gives a key another name, unless something has that name.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'access', 'delete'), newkey: key('OW', 'insert') },
  run(ctx, { key, newkey }) {
    const { db, reply } = ctx
    if (db.write(key) === 0) throw NO_SUCH_KEY
    const free = db.write(newkey) === 0
    if (free) changeName(ctx, key, newkey)
    reply.int(free ? 1 : 0)
  },
})

function changeName(ctx: Context, key: Span, newkey: Span): void {
  const { db } = ctx
  const replacement = Replacement.begin(ctx, db, newkey)
  moveEntry(db, key, db, newkey)
  db.changedToo(key, Event.generic, 'rename_from')
  db.changed(newkey, Event.generic, 'rename_to')
  replacement?.tell()
}

export const move = command('MOVE', {
  does: 'Moves a key to another database, unless it exists there.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'access', 'update'), db: databaseIndex() },
  run(ctx, { key, db: index }) {
    const { db, reply } = ctx
    const target = databaseAt(ctx, index)
    if (target === db) throw SAME_OBJECT
    const moves = db.write(key) !== 0 && target.write(key) === 0
    if (moves) changeDatabase(db, target, key)
    reply.int(moves ? 1 : 0)
  },
})

function changeDatabase(source: Database, target: Database, key: Span): void {
  moveEntry(source, key, target, key)
  source.changedToo(key, Event.generic, 'move_from')
  target.changed(key, Event.generic, 'move_to')
}

export const copy = command('COPY', {
  does: 'Copies what a key holds to another key, with its time to live.',
  since: '6.2.0',
  group: 'generic',
  complexity: 'O(N), N being the elements of the value',
  flags: ['write', 'denyoom'],
  args: {
    source: key('RO', 'access'),
    destination: key('OW', 'update'),
    options: options({ db: token('DB', databaseIndex()), replace: flag('REPLACE') }),
  },
  run(ctx, { source, destination, options }) {
    const { db, reply } = ctx
    const target = options.db === null ? db : databaseAt(ctx, options.db)
    if (target === db && source.equals(destination)) throw SAME_OBJECT
    const copies = db.read(source) !== 0 && (target.write(destination) === 0 || options.replace)
    if (copies) duplicate(ctx, source, target, destination)
    reply.int(copies ? 1 : 0)
  },
})

function duplicate(ctx: Context, source: Span, target: Database, destination: Span): void {
  const replacement = Replacement.begin(ctx, target, destination)
  copyEntry(ctx.db, ctx.db.peek(source), target, destination)
  target.changed(destination, Event.generic, 'copy_to')
  replacement?.tell()
}
