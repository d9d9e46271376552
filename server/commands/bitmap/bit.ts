/** One bit of a string: SETBIT and GETBIT. */

import { byteOf, getBit, setBit } from '../../data/bits.js'
import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import { integer, key } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import { BIT_OFFSET, BIT_VALUE } from '../../resp/errors.js'
import { onDemand } from '../on-demand.js'
import { expectReachable } from './offset.js'

const offset = () => integer({ min: 0, error: BIT_OFFSET })

export const setbit = command('SETBIT', {
  does: 'Sets or clears the bit at an offset of a string, which grows as needed. Returns the bit it replaced.',
  since: '2.2.0',
  group: 'bitmap',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: {
    key: key('RW', 'access', 'update'),
    offset: offset(),
    value: onDemand(integer({ min: 0, max: 1, error: BIT_VALUE })),
  },
  run(ctx, { key, offset, value }) {
    expectReachable(ctx, offset)
    const bit = value() === 1 ? 1 : 0
    const { db } = ctx
    const ref = db.writeTyped(key, Type.string)
    const lengthBefore = ref === 0 ? 0 : ctx.keyspace.strings.length(ref)
    const string = db.editString(key, ref, Math.max(lengthBefore, byteOf(offset) + 1), ctx.span)
    const before = setBit(string.mem, string.start, offset, bit)
    if (string.length > lengthBefore || before !== bit) db.changed(key, Event.string, 'setbit')
    ctx.reply.int(before)
  },
})

export const getbit = command('GETBIT', {
  does: 'Returns the bit at an offset of a string; beyond its end all bits are 0.',
  since: '2.2.0',
  group: 'bitmap',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access'), offset: offset() },
  run(ctx, { key, offset }) {
    expectReachable(ctx, offset)
    const value = ctx.db.readString(key, ctx.span)
    ctx.reply.int(value === null ? 0 : getBit(value, offset))
  },
})
