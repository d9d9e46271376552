/**
 * HyperLogLogs: PFADD, PFCOUNT, PFMERGE and what looks inside them.
 *
 * A HyperLogLog is a string like any other, so a client may have written anything into it. Every change is worked
 * out on a copy (the keyspace's sketch) and stored when it is whole: a value found corrupt halfway stays as it
 * was. Redis has then raised some registers already, and tells nobody.
 */

import type { Span } from '../lib/bytes.js'
import { Type } from '../data/entry.js'
import {
  REGISTERS,
  type Sketch,
  cacheCardinality,
  cachedCardinality,
  cardinality,
  cardinalityOf,
  decodeSparse,
  isDense,
  isHyperLogLog,
  markStale,
  mergeInto,
} from '../data/hyperloglog/hyperloglog.js'
import { selfTest } from '../data/hyperloglog/self-test.js'
import { type Command, command } from '../engine/command.js'
import type { Context } from '../engine/context.js'
import { bytes, key, repeated, row, text } from '../engine/grammar.js'
import type { WordRow } from '../engine/word-row.js'
import { Event } from '../keyspace/events.js'
import {
  CORRUPT_HYPERLOGLOG,
  HYPERLOGLOG_NOT_SPARSE,
  KEY_MISSING,
  NOT_HYPERLOGLOG,
  WRONG_TYPE,
  selfTestFailed,
  unknownPfdebug,
} from '../resp/errors.js'

/** Redis adds ten million elements, and answers nobody else for two seconds. */
const SELF_TEST_ELEMENTS = 100_000

export const pfadd = command('PFADD', {
  does: 'Adds elements to a HyperLogLog, which it makes when missing. Returns 1 if its estimate may have changed.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'O(1) for each element',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'insert'), elements: row(bytes(), 0) },
  run(ctx, { key, elements }) {
    const ref = ctx.db.write(key)
    const value = ref === 0 ? null : viewAt(ctx, ref)
    const changes =
      value !== null && isDense(value) ? addDense(ctx, key, ref, elements) : add(ctx, key, ref, elements)
    if (changes > 0) tell(ctx, key, changes)
    ctx.reply.int(changes > 0 ? 1 : 0)
  },
})

export const pfcount = command('PFCOUNT', {
  does: 'Estimates how many different elements a HyperLogLog, or the union of several, has seen.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'O(1) for one key, O(N) for N keys',
  flags: ['readonly', 'may_replicate'],
  args: { keys: repeated(key('RW', 'access')) },
  run(ctx, { keys }) {
    ctx.reply.int(keys.length === 1 ? countOne(ctx, keys[0]) : countUnion(ctx, keys))
  },
})

const pfmerge = command('PFMERGE', {
  does: 'Makes a HyperLogLog the union of itself and others.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'O(N) for N keys',
  flags: ['write', 'denyoom'],
  args: { destination: key('RW', 'access', 'insert'), sources: repeated(key('RO', 'access'), 0) },
  run(ctx, { destination, sources }) {
    const { registers, dense } = union(ctx, [destination, ...sources])
    const ref = ctx.db.write(destination)
    const sketch = sketchOf(ctx, ref)
    if (dense) whole(sketch.toDense())
    whole(sketch.merge(registers, ctx.config.values.hllSparseMaxBytes))
    markStale(sketch.value)
    store(ctx, destination, ref, sketch)
    tell(ctx, destination, 1)
    ctx.reply.ok()
  },
})

export const pfdebug = command('PFDEBUG', {
  does: 'Shows the inside of a HyperLogLog: GETREG, DECODE, ENCODING; TODENSE converts it.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'admin'],
  args: { subcommand: text(), key: key('RW', 'access') },
  run(ctx, { subcommand, key }) {
    const ref = ctx.db.write(key)
    if (ref === 0) throw KEY_MISSING
    const value = viewAt(ctx, ref)
    switch (subcommand.toLowerCase()) {
      case 'getreg':
        return replyRegisters(ctx, key, ref, value)
      case 'decode':
        return replyOpcodes(ctx, value)
      case 'encoding':
        return ctx.reply.simple(isDense(value) ? 'dense' : 'sparse')
      case 'todense':
        return ctx.reply.int(makeDense(ctx, key, ref, value) ? 1 : 0)
      default:
        throw unknownPfdebug(subcommand)
    }
  },
})

const pfselftest = command('PFSELFTEST', {
  does: 'Checks registers, encodings and estimates against each other.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'N/A',
  flags: ['admin'],
  run(ctx) {
    const fault = selfTest(ctx.engine.random, ctx.config.values.hllSparseMaxBytes, SELF_TEST_ELEMENTS)
    if (fault !== null) throw selfTestFailed(fault)
    ctx.reply.ok()
  },
})

export const hyperLogLogCommands: readonly Command[] = [pfadd, pfcount, pfmerge, pfdebug, pfselftest]

// Adding ----------------------------------------------------------------------------------------------------

/** Answers how many elements raised a register; making the key counts as one more. */
function add(ctx: Context, key: Span, ref: number, elements: WordRow): number {
  const { hllSparseMaxBytes } = ctx.config.values
  const sketch = sketchOf(ctx, ref)
  let changes = ref === 0 ? 1 : 0
  for (const element of elements) {
    if (whole(sketch.add(element, hllSparseMaxBytes)) === 'raised') changes++
  }
  if (changes > 0) store(ctx, key, ref, sketch)
  return changes
}

/** A dense value never changes its length: it is edited where it lies. */
function addDense(ctx: Context, key: Span, ref: number, elements: WordRow): number {
  const { sketch, strings } = ctx.keyspace
  const value = ctx.db.editString(key, ref, strings.length(ref), ctx.span)
  let changes = 0
  for (const element of elements) {
    if (sketch.addInPlace(value, element)) changes++
  }
  return changes
}

/** The sketch at work on a copy of the value, or on a new one. */
function sketchOf(ctx: Context, ref: number): Sketch {
  const { sketch } = ctx.keyspace
  return ref === 0 ? sketch.begin() : sketch.load(viewAt(ctx, ref))
}

function store(ctx: Context, key: Span, ref: number, { value }: Sketch): void {
  const room = ctx.db.editString(key, ref, value.length, ctx.span)
  value.copyTo(room.mem, room.start)
}

function tell(ctx: Context, key: Span, changes: number): void {
  ctx.db.changed(key, Event.string, 'pfadd')
  ctx.keyspace.dirty += changes - 1
}

// Counting --------------------------------------------------------------------------------------------------

/** The estimate is kept in the value: a change like any other, which replicas make by counting themselves. */
function countOne(ctx: Context, key: Span): number | bigint {
  const ref = ctx.db.read(key)
  if (ref === 0) return 0
  const value = viewAt(ctx, ref)
  const cached = cachedCardinality(value)
  if (cached !== null) return cached
  const estimate = cardinality(value)
  if (estimate === null) throw CORRUPT_HYPERLOGLOG
  cacheCardinality(ctx.db.editString(key, ref, value.length, ctx.span), estimate)
  ctx.db.touched(key)
  return estimate
}

function countUnion(ctx: Context, keys: readonly Span[]): number | bigint {
  return cardinalityOf(union(ctx, keys).registers)
}

/** The highest of each register over all keys; `dense`: some value is. Missing keys are empty. */
function union(ctx: Context, keys: readonly Span[]): { registers: Uint8Array; dense: boolean } {
  const registers = new Uint8Array(REGISTERS)
  let dense = false
  for (const key of keys) {
    const ref = ctx.db.read(key)
    if (ref === 0) continue
    const value = viewAt(ctx, ref)
    dense ||= isDense(value)
    if (!mergeInto(registers, value)) throw CORRUPT_HYPERLOGLOG
  }
  return { registers, dense }
}

/** The HyperLogLog at `ref`, by its header. */
function viewAt(ctx: Context, ref: number): Span {
  const { entries, strings } = ctx.keyspace
  if (entries.type(ref) !== Type.string) throw WRONG_TYPE
  const value = strings.view(ref, ctx.span)
  if (!isHyperLogLog(value)) throw NOT_HYPERLOGLOG
  return value
}

/** Lets a change pass, unless the opcodes turned out corrupt. */
function whole(change: 'raised' | 'kept' | 'corrupt'): 'raised' | 'kept' {
  if (change === 'corrupt') throw CORRUPT_HYPERLOGLOG
  return change
}

// Looking inside --------------------------------------------------------------------------------------------

/** Makes a sparse value dense first, as Redis does: true when it was not. */
function makeDense(ctx: Context, key: Span, ref: number, value: Span): boolean {
  if (isDense(value)) return false
  const sketch = sketchOf(ctx, ref)
  whole(sketch.toDense())
  store(ctx, key, ref, sketch)
  ctx.db.touched(key)
  return true
}

function replyRegisters(ctx: Context, key: Span, ref: number, value: Span): void {
  const registers = new Uint8Array(REGISTERS)
  if (!mergeInto(registers, value)) throw CORRUPT_HYPERLOGLOG
  makeDense(ctx, key, ref, value)
  ctx.reply.array(REGISTERS)
  for (const register of registers) ctx.reply.int(register)
}

function replyOpcodes(ctx: Context, value: Span): void {
  if (isDense(value)) throw HYPERLOGLOG_NOT_SPARSE
  ctx.reply.text(decodeSparse(value))
}
