/** Parts of a string. */

import { NEVER, Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, integer, key } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { OFFSET_OUT_OF_RANGE, STRING_TOO_LONG } from '../../resp/errors.js'

/** A string counts its bytes, and the slack behind them, in 32 bits. */
const STRING_BYTES_MAX = 2 ** 32 - 2 ** 21

export const append = command('APPEND', {
  does: 'Appends bytes to a string, which begins as an empty one. Returns its length.',
  since: '2.0.0',
  group: 'string',
  complexity: 'O(1), as the room for a string that grows is doubled.',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'insert'), value: bytes() },
  run(ctx, { key, value }) {
    const { db } = ctx
    const ref = db.writeTyped(key, Type.string)
    const before = ref === 0 ? 0 : ctx.keyspace.strings.length(ref)
    if (ref === 0) {
      db.setString(key, value, NEVER)
    } else {
      expectLength(ctx, before + value.length)
      overwrite(ctx, key, ref, before, value)
    }
    db.changed(key, Event.string, 'append')
    ctx.reply.int(before + value.length)
  },
})

export const getRange = command('GETRANGE', {
  does: 'Returns the bytes of a string from one position to another, both included; negative ones count from the end.',
  since: '2.4.0',
  group: 'string',
  complexity: 'O(N) in the number of bytes returned.',
  flags: ['readonly'],
  args: { key: key('RO', 'access'), start: integer(), end: integer() },
  run(ctx, { key, start, end }) {
    replyRange(ctx, key, start, end)
  },
})

export const subStr = command('SUBSTR', {
  does: 'As GETRANGE, whose name it once was.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(N) in the number of bytes returned.',
  deprecated: { since: '2.0.0', by: '`GETRANGE`' },
  flags: ['readonly'],
  args: { key: key('RO', 'access'), start: integer(), end: integer() },
  run(ctx, { key, start, end }) {
    replyRange(ctx, key, start, end)
  },
})

export const setRange = command('SETRANGE', {
  does: 'Overwrites a string from an offset on; a gap before it is filled with zero bytes. Returns the length.',
  since: '2.2.0',
  group: 'string',
  complexity: 'O(N) in the number of bytes written.',
  flags: ['write', 'denyoom'],
  args: { key: key('RW', 'update'), offset: integer(), value: bytes() },
  run(ctx, { key, offset, value }) {
    if (offset < 0) throw OFFSET_OUT_OF_RANGE
    const ref = ctx.db.writeTyped(key, Type.string)
    const before = ref === 0 ? 0 : ctx.keyspace.strings.length(ref)
    if (value.length === 0) {
      ctx.reply.int(before)
      return
    }
    expectLength(ctx, offset + value.length)
    const length = overwrite(ctx, key, ref, offset, value)
    ctx.db.changed(key, Event.string, 'setrange')
    ctx.reply.int(length)
  },
})

/** Writes `value` at `offset` into the string, longer if need be; answers its length. */
function overwrite(ctx: Context, key: Span, ref: number, offset: number, value: Span): number {
  const { db, keyspace } = ctx
  const before = ref === 0 ? 0 : keyspace.strings.length(ref)
  const string = db.editString(key, ref, Math.max(before, offset + value.length), ctx.span)
  value.copyTo(string.mem, string.start + offset)
  return string.length
}

function replyRange(ctx: Context, key: Span, start: number, end: number): void {
  const value = ctx.db.readString(key, ctx.span)
  const length = value === null ? 0 : value.length
  const backwards = start < 0 && end < 0 && start > end
  const from = Math.max(start < 0 ? length + start : start, 0)
  const to = Math.min(Math.max(end < 0 ? length + end : end, 0), length - 1)
  if (value === null || backwards || from > to) ctx.reply.text('')
  else ctx.reply.bulkBytes(value.mem, value.start + from, to - from + 1)
}

/** Throws unless a client may make a string of this length; a master knows what it does. */
function expectLength(ctx: Context, length: number): void {
  const { protoMaxBulkLen } = ctx.config.values
  const most = ctx.session.trusted ? STRING_BYTES_MAX : Math.min(protoMaxBulkLen, STRING_BYTES_MAX)
  if (length > most) throw STRING_TOO_LONG
}
