/** A value as bytes that any Redis server understands, and back. */

import type { Span } from '../../lib/bytes.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import {
  type Argument,
  bytes,
  called,
  choice,
  flag,
  integer,
  key,
  options,
  readInt64,
} from '../../engine/grammar.js'
import { NEVER } from '../../data/entry.js'
import { BadData } from '../../data/serial/bad-data.js'
import { seal, unseal } from '../../data/serial/dump-payload.js'
import { rdbTypeOf } from '../../data/serial/encoding.js'
import { SpanSource, ValueReader } from '../../data/serial/value-reader.js'
import { ValueWriter } from '../../data/serial/value-writer.js'
import { Event } from '../../keyspace/events.js'
import {
  BUSY_KEY,
  type CommandError,
  INVALID_FREQ,
  INVALID_IDLETIME,
  INVALID_TTL,
} from '../../resp/errors.js'
import { Replacement } from './replacement.js'
import { unread } from './unread.js'

export const dump = command('DUMP', {
  does: 'Answers what a key holds in the form that RESTORE takes.',
  since: '2.6.0',
  group: 'generic',
  complexity: 'O(N), N being the size of the value',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: { key: key('RO', 'access') },
  run(ctx, { key }) {
    const { db, reply } = ctx
    const ref = db.read(key)
    if (ref === 0) reply.null()
    else reply.bulk(dumpOf(ctx, ref))
  },
})

/** The payload that DUMP answers, in memory of its own. */
export function dumpOf({ keyspace, config }: Context, ref: number): Span {
  const kind = keyspace.kinds[keyspace.entries.type(ref)]
  const writer = new ValueWriter(config.values.rdbcompression)
  writer.byte(kind.rdbType(ref))
  kind.serialize(ref, writer)
  seal(writer)
  return writer.written
}

/** Seconds without use, or uses. */
type Age = { readonly token: 'IDLETIME' | 'FREQ'; readonly value: number } | null

interface RestoreOptions {
  readonly replace: boolean
  readonly absttl: boolean
  readonly age: Age
}

/** What is out of range is refused where it stands, before the words behind it. */
function age(max: number, error: CommandError): Argument<number> {
  const any = integer()
  return {
    ...any,
    parse: words => {
      const value = any.parse(words)
      if (value < 0 || value > max) throw error
      return value
    },
  }
}

const RESTORE_ARGS = {
  key: key('OW', 'update'),
  ttl: unread(),
  payload: bytes(),
  options: options({
    replace: flag('REPLACE'),
    absttl: flag('ABSTTL'),
    age: choice({
      IDLETIME: called('seconds', age(Infinity, INVALID_IDLETIME)),
      FREQ: called('frequency', age(255, INVALID_FREQ)),
    }),
  }),
}

export const restore = command('RESTORE', {
  does: 'Makes a key of what DUMP answered.',
  since: '2.6.0',
  group: 'generic',
  complexity: 'O(N), N being the size of the value',
  flags: ['write', 'denyoom'],
  acl: ['keyspace', 'dangerous'],
  args: RESTORE_ARGS,
  run(ctx, { key, ttl, payload, options }) {
    restoreKey(ctx, key, ttl, payload, options)
  },
})

export const restoreAsking = command('RESTORE-ASKING', {
  does: 'As RESTORE, for a slot that is on its way between nodes of a cluster.',
  since: '3.0.0',
  group: 'server',
  complexity: 'O(N), N being the size of the value',
  flags: ['write', 'denyoom', 'asking'],
  acl: ['keyspace', 'dangerous'],
  args: RESTORE_ARGS,
  run(ctx, { key, ttl, payload, options }) {
    restoreKey(ctx, key, ttl, payload, options)
  },
})

function restoreKey(ctx: Context, key: Span, ttl: Span, payload: Span, options: RestoreOptions): void {
  const { db, keyspace } = ctx
  if (!options.replace && db.write(key) !== 0) throw BUSY_KEY
  const expireAt = deathOf(ctx, ttl, options.absttl)
  const ref = deserialized(ctx, key, payload, expireAt)
  const replacement = Replacement.begin(ctx, db, key)
  if (db.isDue(ref) && keyspace.expiryMode === 'delete') {
    keyspace.freeEntry(ref)
    if (replacement !== null) forget(ctx, key)
  } else {
    setAge(ctx, ref, options.age)
    db.adopt(key, ref)
    db.changed(key, Event.generic, 'restore')
    replacement?.tell()
    if (expireAt !== NEVER && !options.absttl) propagateAbsolute(ctx, expireAt)
  }
  ctx.reply.ok()
}

/** An entry, in no table, with what the payload holds. */
function deserialized(
  { engine, keyspace }: Context,
  key: Span,
  payload: Span,
  expireAt: number | bigint,
): number {
  const { content, version } = unseal(payload, engine.debug.skipChecksums)
  const reader = new ValueReader(new SpanSource(content))
  try {
    return keyspace.deserialize(rdbTypeOf(reader.byte(), version), reader, key, expireAt)
  } catch (error) {
    if (error instanceof BadData) engine.log.warning(`RESTORE of a damaged payload: ${error.reason}`)
    throw error
  }
}

/** Unix ms, or NEVER. */
function deathOf(ctx: Context, ttl: Span, absolute: boolean): number | bigint {
  const value = readInt64(ttl)
  if (value < 0) throw INVALID_TTL
  if (value === 0) return NEVER
  if (absolute) return value
  const at = Number(value) + ctx.now
  return Number.isSafeInteger(at) ? at : BigInt.asIntN(64, BigInt(value) + BigInt(ctx.now))
}

/** What the key held has given way to a value that is dead already. */
function forget(ctx: Context, key: Span): void {
  ctx.db.changed(key, Event.generic, 'del')
  ctx.propagateAs('DEL', key)
}

function propagateAbsolute(ctx: Context, expireAt: number | bigint): void {
  const words = ctx.request.list()
  ctx.propagateList([words[0], words[1], expireAt, ...words.slice(3), 'ABSTTL'])
}

/** Each policy knows but one of the two ages. */
function setAge({ keyspace }: Context, ref: number, age: Age): void {
  const { access, entries } = keyspace
  if (age === null || access.lfu !== (age.token === 'FREQ')) return
  entries.setAccess(ref, access.lfu ? access.withFrequency(age.value) : access.withIdle(age.value))
}
