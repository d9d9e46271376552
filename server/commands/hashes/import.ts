/**
 * HIMPORT: many hashes of one shape. A client names the fields once, and then sends but the values of each hash.
 *
 * The names belong to the session and to nobody else: they go with it, and with RESET. So replicas and files, which
 * know no session, are told of an HSET.
 */

import { Type } from '../../data/entry.js'
import { container, subcommand } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, repeated } from '../../engine/grammar.js'
import { RoomKey } from '../../engine/rooms.js'
import type { Session } from '../../engine/session.js'
import type { Span } from '../../lib/bytes.js'
import { FIELDSET_REPEATS, FIELDSET_UNKNOWN, FIELDSET_VALUES } from '../../resp/errors.js'
import { tellFields } from './tell.js'

/** The fields that a session has named, by name. */
type Fieldsets = Map<string, readonly Span[]>

/** Of every session that has any. */
export class AllFieldsets {
  private readonly bySession = new WeakMap<Session, Fieldsets>()

  of(session: Session): Fieldsets {
    const known = this.bySession.get(session)
    if (known !== undefined) return known
    const made: Fieldsets = new Map()
    this.bySession.set(session, made)
    return made
  }

  forget(session: Session): void {
    this.bySession.delete(session)
  }
}

export const FIELDSETS = new RoomKey<AllFieldsets>('fieldsets')

const fieldsetsOf = ({ engine, session }: Context): Fieldsets => engine.rooms.get(FIELDSETS).of(session)

const prepare = subcommand('PREPARE', {
  does: 'Names fields, in the order in which their values will come.',
  since: '8.10.0',
  group: 'hash',
  complexity: 'O(N) where N is the number of fields.',
  flags: ['denyoom'],
  tips: ['request_policy:all_shards'],
  args: { fieldsetName: bytes(), field: repeated(bytes()) },
  run(ctx, { fieldsetName, field: fields }) {
    if (new Set(fields.map(field => field.latin1())).size < fields.length) throw FIELDSET_REPEATS
    const kept = fields.map(field => field.clone())
    fieldsetsOf(ctx).set(fieldsetName.latin1(), kept)
    ctx.reply.ok()
  },
})

const set = subcommand('SET', {
  does: 'Makes a hash of named fields and the values given, in the place of what hash there was.',
  since: '8.10.0',
  group: 'hash',
  complexity: 'O(N) where N is the number of fields.',
  flags: ['write', 'denyoom'],
  args: { key: key('OW', 'update'), fieldsetName: bytes(), value: repeated(bytes()) },
  run(ctx, { key, fieldsetName, value: values }) {
    const fields = fieldsetsOf(ctx).get(fieldsetName.latin1())
    if (fields === undefined) throw FIELDSET_UNKNOWN
    if (fields.length !== values.length) throw FIELDSET_VALUES
    replaceHash(ctx, key, fields, values)
    ctx.reply.ok()
  },
})

function replaceHash(ctx: Context, key: Span, fields: readonly Span[], values: readonly Span[]): void {
  const { db, keyspace } = ctx
  if (db.writeTyped(key, Type.hash) !== 0) {
    db.delete(key, ctx.config.values.lazyfreeLazyServerDel)
    ctx.propagateAs('DEL', key)
  }
  const ref = db.add(key, Type.hash, 0)
  fields.forEach((field, i) => keyspace.hashes.set(ref, field, values[i]))
  tellFields(ctx, key, 'hset', fields)
  ctx.propagateList(['HSET', key, ...fields.flatMap((field, i) => [field, values[i]])])
}

const discard = subcommand('DISCARD', {
  does: 'Forgets the fields of a name.',
  since: '8.10.0',
  group: 'hash',
  complexity: 'O(1)',
  tips: ['request_policy:all_shards'],
  args: { fieldsetName: bytes() },
  run(ctx, { fieldsetName }) {
    ctx.reply.int(fieldsetsOf(ctx).delete(fieldsetName.latin1()) ? 1 : 0)
  },
})

const discardAll = subcommand('DISCARDALL', {
  does: 'Forgets all fields that the client has named.',
  since: '8.10.0',
  group: 'hash',
  complexity: 'O(N) where N is the number of names.',
  tips: ['request_policy:all_shards'],
  run(ctx) {
    const fieldsets = fieldsetsOf(ctx)
    ctx.reply.int(fieldsets.size)
    fieldsets.clear()
  },
})

export const hImport = container(
  'HIMPORT',
  {
    does: 'Commands for importing many hashes of one shape.',
    since: '8.10.0',
    group: 'hash',
    complexity: 'Depends on subcommand.',
    acl: ['hash'],
  },
  [prepare, set, discard, discardAll],
)
