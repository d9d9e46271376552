/** BITOP: a string out of several, bit by bit. */

import { Span } from '../../lib/bytes.js'
import { type BitOp, bitOp, bitOpLength } from '../../data/bitop.js'
import { NEVER, NOTHING, Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key, repeated, text } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import { BITOP_NOT_ONE_KEY, SYNTAX, bitOpTwoKeys } from '../../resp/errors.js'
import { tellReplaced } from '../generic/replacement.js'

/** The operations, and how many sources each takes at least and at most. */
const OPERATIONS: Readonly<Record<BitOp, readonly [least: number, most: number]>> = {
  and: [1, Infinity],
  or: [1, Infinity],
  xor: [1, Infinity],
  not: [1, 1],
  diff: [2, Infinity],
  diff1: [2, Infinity],
  andor: [2, Infinity],
  one: [1, Infinity],
}

export const bitop = command('BITOP', {
  does: 'Combines strings bit by bit and stores the result: AND OR XOR NOT, DIFF DIFF1 ANDOR ONE since 8.2.',
  since: '2.6.0',
  group: 'bitmap',
  complexity: 'O(N)',
  flags: ['write', 'denyoom'],
  args: { operation: text(), destination: key('OW', 'update'), keys: repeated(key('RO', 'access')) },
  run(ctx, { operation, destination, keys }) {
    const op = operationOf(operation, keys.length)
    const sources = keys.map(key => sourceAt(ctx, key, key.equals(destination)))
    const length = bitOpLength(sources)
    if (length === 0) remove(ctx, destination)
    else store(ctx, destination, op, sources, length)
    ctx.reply.int(length)
  },
})

function operationOf(name: string, sources: number): BitOp {
  const op = name.toLowerCase()
  if (!isBitOp(op)) throw SYNTAX
  const [least, most] = OPERATIONS[op]
  if (sources > most) throw BITOP_NOT_ONE_KEY
  if (sources < least) throw bitOpTwoKeys(op.toUpperCase())
  return op
}

function isBitOp(name: string): name is BitOp {
  return Object.hasOwn(OPERATIONS, name)
}

/** What a source holds; a missing one is empty. The digits of integers are copied, as they are all written in one place. */
function sourceAt(ctx: Context, key: Span, isDestination: boolean): Span {
  const { strings } = ctx.keyspace
  const ref = ctx.db.readTyped(key, Type.string)
  if (ref === 0) return EMPTY
  const value = strings.view(ref, new Span(EMPTY.mem, 0, 0))
  return isDestination || strings.encodingName(ref) === 'int' ? value.clone() : value
}

/** The result is made in its place, where nothing of the sources is left: it is as long as it will be, and `raw`. */
function store(ctx: Context, destination: Span, op: BitOp, sources: readonly Span[], length: number): void {
  const { db } = ctx
  const former = db.setString(destination, EMPTY, NEVER)
  if (former !== NOTHING) tellReplaced(db, destination, former, Type.string)
  const result = db.editString(destination, db.find(destination), length, ctx.span)
  bitOp(op, sources, result.mem, result.start)
  db.changed(destination, Event.string, 'set')
}

const EMPTY = Span.of('')

function remove(ctx: Context, destination: Span): void {
  const { db } = ctx
  if (db.write(destination) === 0) return
  db.delete(destination)
  db.changed(destination, Event.generic, 'del')
}
