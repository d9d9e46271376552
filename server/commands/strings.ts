/** Strings: the commands that set, read and count. */

import { Mem, Span } from '../lib/bytes.js'
import { parseInteger, writeInteger } from '../lib/integer.js'
import { NEVER, Type } from '../data/entry.js'
import { Event } from '../keyspace/events.js'
import { NOT_INTEGER, OVERFLOW, WRONG_TYPE } from '../resp/errors.js'
import { command } from '../engine/command.js'
import type { Context } from '../engine/context.js'
import { bytes, int64, key } from '../engine/grammar.js'

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

/** Spans that hold no client's bytes between commands. */
const nowhere = (): Span => new Span(new Mem(new ArrayBuffer(0)), 0, 0)

export const get = command('GET', {
  does: 'Returns the string that a key holds.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access') },
  hot(ctx) {
    replyString(ctx, ctx.word(1))
    return true
  },
  run(ctx, { key }) {
    replyString(ctx, key)
  },
})

function replyString(ctx: Context, key: Span): void {
  const { keyspace, reply, db } = ctx
  const ref = db.read(key)
  if (ref === 0) {
    reply.null()
    return
  }
  if (keyspace.entries.type(ref) !== Type.string) throw WRONG_TYPE
  reply.bulk(keyspace.strings.view(ref, ctx.span))
}

export const incr = command('INCR', {
  does: 'Adds one to the integer that a key holds.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update') },
  hot(ctx) {
    increment(ctx, ctx.word(1), 1)
    return true
  },
  run(ctx, { key }) {
    increment(ctx, key, 1)
  },
})

export const incrBy = command('INCRBY', {
  does: 'Adds an integer to the integer that a key holds.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update'), increment: int64() },
  run(ctx, { key, increment: by }) {
    increment(ctx, key, by)
  },
})

/** Adds `by` to the integer at `key` and answers the sum. */
function increment(ctx: Context, key: Span, by: number | bigint): void {
  const { db, keyspace, reply } = ctx
  const ref = db.writeTyped(key, Type.string)
  const sum = add(ref === 0 ? 0 : integerAt(ctx, ref), by)
  db.setInteger(key, ref, sum)
  db.changed(key, Event.string, 'incrby')
  reply.int(sum)
  void keyspace
}

function integerAt(ctx: Context, ref: number): number | bigint {
  const { strings } = ctx.keyspace
  const small = strings.smallInteger(ref)
  if (!Number.isNaN(small)) return small
  const value = strings.integer(ref)
  if (value === null) throw NOT_INTEGER
  return value
}

function add(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  const sum = BigInt(a) + BigInt(b)
  if (sum < INT64_MIN || sum > INT64_MAX) throw OVERFLOW
  return sum
}

export const set = command('SET', {
  does: 'x', since: '1.0.0', group: 'string', flags: ['write', 'denyoom'],
  args: { key: key('RW', 'access', 'update', 'insert'), value: bytes() },
  hot(ctx) {
    if (ctx.count !== 3) return false
    ctx.db.setString(ctx.word(1), ctx.word(2), NEVER)
    ctx.db.changed(ctx.word(1), Event.string, 'set')
    ctx.reply.ok()
    return true
  },
  run(ctx, { key, value }) {
    ctx.db.setString(key, value, NEVER)
    ctx.reply.ok()
  },
})
void nowhere; void parseInteger; void writeInteger
export const stringCommands = [get, set, incr, incrBy] as const
