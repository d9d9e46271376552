/**
 * BITFIELD: a list of operations on integers of any width, read first as a whole and then done in order.
 *
 * Redis makes the string as long as the furthest write needs before it knows whether any write will happen; when
 * all of them then fail (OVERFLOW FAIL) the string has grown, or has come to be, and neither replicas nor the AOF
 * hear of it. Here the string grows with the first write that succeeds, and then to that same length: the
 * replies are equal, and what changes is always told.
 */

import {
  type FieldType,
  type Int,
  type Overflow,
  fitted,
  increased,
  readField,
  writeField,
} from '../../data/bitfield.js'
import { byteOf } from '../../data/bits.js'
import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { type Words, key, readInt64, readInteger, rest } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import { Span } from '../../lib/bytes.js'
import { parseIntegerAt } from '../../lib/integer.js'
import { BIT_OFFSET, FIELD_OVERFLOW, FIELD_READ_ONLY, FIELD_TYPE, SYNTAX } from '../../resp/errors.js'
import { expectReachable } from './offset.js'

interface FieldOperation {
  readonly kind: 'get' | 'set' | 'incrby'
  readonly type: FieldType
  /** In bits. */
  readonly offset: number
  /** What SET stores or INCRBY adds. */
  readonly value: Int
  readonly overflow: Overflow
}

export const bitfield = command('BITFIELD', {
  does: 'Reads, sets and increments integers of 1 to 64 bits anywhere in a string.',
  since: '3.2.0',
  group: 'bitmap',
  complexity: 'O(1) for each operation',
  flags: ['write', 'denyoom'],
  args: { key: key('RW', 'access', 'update', 'variable_flags'), operations: rest() },
  keyFlagsOf: words =>
    words.some(word => /^(set|incrby)$/i.test(word)) ? ['RW', 'access', 'update'] : ['RO', 'access'],
  run(ctx, { key, operations: words }) {
    const operations = readOperations(ctx, words)
    if (operations.some(writes)) change(ctx, key, operations)
    else look(ctx, key, operations)
  },
})

export const bitfieldRo = command('BITFIELD_RO', {
  does: 'Reads integers of 1 to 64 bits anywhere in a string.',
  since: '6.0.0',
  group: 'bitmap',
  complexity: 'O(1) for each operation',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access'), operations: rest() },
  run(ctx, { key, operations: words }) {
    const operations = readOperations(ctx, words)
    if (operations.some(writes)) throw FIELD_READ_ONLY
    look(ctx, key, operations)
  },
})

const writes = ({ kind }: FieldOperation): boolean => kind !== 'get'

// Doing -----------------------------------------------------------------------------------------------------

function look(ctx: Context, key: Span, operations: readonly FieldOperation[]): void {
  const value = ctx.db.readString(key, ctx.span) ?? Span.of('')
  ctx.reply.array(operations.length)
  for (const { offset, type } of operations) ctx.reply.int(readField(value, offset, type))
}

function change(ctx: Context, key: Span, operations: readonly FieldOperation[]): void {
  const { db, reply } = ctx
  const ref = db.writeTyped(key, Type.string)
  const old = ref === 0 ? Span.of('') : ctx.keyspace.strings.view(ref, ctx.span)
  const lengthBefore = old.length
  let value = old
  let edited = false
  let changes = 0
  reply.array(operations.length)
  for (const operation of operations) {
    const { kind, offset, type } = operation
    const before = readField(value, offset, type)
    const after = outcome(operation, before)
    if (after === null) reply.null()
    else reply.int(kind === 'incrby' ? after : before)
    if (after === null || kind === 'get') continue
    if (!edited) value = db.editString(key, ref, lengthOf(operations, lengthBefore), ctx.span)
    edited = true
    writeField(value.mem, value.start, offset, type, after)
    if (value.length > lengthBefore || before !== after) changes++
  }
  if (changes > 0) tell(ctx, key, changes)
}

/** What the field holds afterwards; null when that would not fit and may not be bent. */
function outcome({ kind, type, value, overflow }: FieldOperation, before: Int): Int | null {
  if (kind === 'get') return before
  return kind === 'set' ? fitted(type, value, overflow) : increased(type, before, value, overflow)
}

/** The bytes the string must have for all writes to fit, those that fail included. */
function lengthOf(operations: readonly FieldOperation[], length: number): number {
  let longest = length
  for (const { kind, offset, type } of operations) {
    if (kind !== 'get') longest = Math.max(longest, byteOf(offset + type.bits - 1) + 1)
  }
  return longest
}

/** One event, however many fields changed; each counts as a change for the save points. */
function tell(ctx: Context, key: Span, changes: number): void {
  ctx.db.changed(key, Event.string, 'setbit')
  ctx.keyspace.dirty += changes - 1
}

// Reading ---------------------------------------------------------------------------------------------------

function readOperations(ctx: Context, words: Words): FieldOperation[] {
  const operations: FieldOperation[] = []
  let overflow: Overflow = 'wrap'
  while (words.left > 0) {
    const name = words.next()
    if (name.is('overflow') && words.left >= 1) overflow = readOverflow(words.next())
    else if (name.is('get') && words.left >= 2) operations.push(readGet(ctx, words))
    else if (name.is('set') && words.left >= 3) operations.push(readWrite(ctx, words, 'set', overflow))
    else if (name.is('incrby') && words.left >= 3) operations.push(readWrite(ctx, words, 'incrby', overflow))
    else throw SYNTAX
  }
  return operations
}

function readGet(ctx: Context, words: Words): FieldOperation {
  const type = readType(words.next())
  return { kind: 'get', type, offset: readOffset(ctx, words.next(), type), value: 0, overflow: 'wrap' }
}

function readWrite(ctx: Context, words: Words, kind: 'set' | 'incrby', overflow: Overflow): FieldOperation {
  const type = readType(words.next())
  const offset = readOffset(ctx, words.next(), type)
  return { kind, type, offset, value: readInt64(words.next()), overflow }
}

function readOverflow(word: Span): Overflow {
  const found = OVERFLOWS.find(each => word.is(each))
  if (found === undefined) throw FIELD_OVERFLOW
  return found
}

/** `i1`..`i64` or `u1`..`u63`, the letter in lower case. */
function readType(word: Span): FieldType {
  const letter = word.length > 0 ? word.at(0) : 0
  const signed = letter === LETTER_I
  if (!signed && letter !== LETTER_U) throw FIELD_TYPE
  const bits = parseIntegerAt(word.mem.u8, word.start + 1, word.length - 1)
  if (Number.isNaN(bits) || bits < 1 || bits > (signed ? 64 : 63)) throw FIELD_TYPE
  return (signed ? SIGNED : UNSIGNED)[bits]
}

/** In bits, or behind a '#' in fields of this type. */
function readOffset(ctx: Context, word: Span, type: FieldType): number {
  const inFields = word.length > 0 && word.at(0) === HASH
  const digits = inFields ? new Span(word.mem, word.start + 1, word.length - 1) : word
  const offset = readInteger(digits, BIT_OFFSET) * (inFields ? type.bits : 1)
  expectReachable(ctx, offset)
  return offset
}

const OVERFLOWS: readonly Overflow[] = ['wrap', 'sat', 'fail']

/** All types there are, by their bits: a request may name a hundred thousand of them. */
const SIGNED: readonly FieldType[] = Array.from({ length: 65 }, (_, bits) => ({ signed: true, bits }))
const UNSIGNED: readonly FieldType[] = Array.from({ length: 64 }, (_, bits) => ({ signed: false, bits }))

const LETTER_I = 'i'.charCodeAt(0)
const LETTER_U = 'u'.charCodeAt(0)
const HASH = '#'.charCodeAt(0)
