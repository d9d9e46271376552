/**
 * Streams in RDB files and DUMP.
 *
 *      stream     nodes: size, node*, length, last id,
 *                 from form 19 on: first id, greatest deleted id, entries ever added,
 *                 groups: size, group*
 *      node       id as a string of 16 bytes, listpack as a string
 *      group      name, last delivered id, from form 19 on: entries read,
 *                 pending: size, (id: 16 bytes, delivered: i64, deliveries: size)*
 *                 consumers: size, consumer*
 *      consumer   name, seen: i64, from form 21 on: active: i64, pending: size, (id: 16 bytes)*
 *
 * Ids elsewhere are two sizes. We write form 19, which every server since 7.0 reads. It cannot say that nobody has to
 * answer for an entry (XNACK): such entries go to a consumer without a name, delivered in 1970, and come back from it.
 */

import { Span } from '../../lib/bytes.js'
import { type Arena, offsetOf } from '../../memory/arena.js'
import { BAD_DATA } from '../../resp/errors.js'
import { RdbType } from '../serial/encoding.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import { isValidNode } from './check.js'
import { type Consumer, type Group, UNKNOWN } from './groups.js'
import { distance } from './lag.js'
import type { Stream } from './stream.js'
import { ID_BYTES, StreamId } from './stream-id.js'

export const STREAM_RDB_TYPES = [
  RdbType.streamListpacks,
  RdbType.streamListpacks2,
  RdbType.streamListpacks3,
] as const

const NOBODY = Span.of('')
const INT64_MAX = 2n ** 63n - 1n

// Writing -----------------------------------------------------------------------------------------------------

export function writeStream(stream: Stream, arena: Arena, writer: ValueWriter): void {
  const { nodes } = stream
  writer.size(nodes.count)
  for (let more = nodes.table.first(); more; more = nodes.table.next()) {
    const ref = nodes.block
    writer.string(new Span(nodes.table.mem, nodes.table.at, ID_BYTES))
    writer.string(new Span(arena.mem(ref), offsetOf(ref), nodes.bytes))
  }
  writer.size(stream.length)
  writeId(writer, stream.lastId)
  writeId(writer, stream.firstId)
  writeId(writer, stream.deletedId)
  writer.size(unsigned(stream.added))
  writer.size(stream.groupCount)
  for (let i = 0; i < stream.groupCount; i++) writeGroup(stream.groupAt(i), writer)
}

function writeGroup(group: Group, writer: ValueWriter): void {
  writer.string(group.name)
  writeId(writer, group.lastId)
  writer.size(unsigned(group.entriesRead))
  const { pending } = group
  const orphans: StreamId[] = []
  writer.size(pending.count)
  for (let more = pending.first(); more; more = pending.next()) {
    writer.bytes(new Span(pending.mem, pending.at, ID_BYTES))
    writer.int64(group.deliveredMs)
    writer.size(unsigned(group.deliveries))
    if (group.ownerRef === 0) orphans.push(pending.id(new StreamId()))
  }
  writeConsumers(group, orphans, writer)
}

function writeConsumers(group: Group, orphans: readonly StreamId[], writer: ValueWriter): void {
  const adopter = orphans.length > 0 && group.findConsumer(NOBODY) === null
  writer.size(group.consumerCount + (adopter ? 1 : 0))
  if (adopter) {
    writer.string(NOBODY)
    writer.int64(0)
    writeIds(orphans, writer)
  }
  for (let i = 0; i < group.consumerCount; i++) {
    const consumer = group.consumerAt(i)
    writer.string(consumer.name)
    writer.int64(consumer.times[0])
    writeIds(consumer.name.length === 0 ? [...idsOf(consumer), ...orphans] : idsOf(consumer), writer)
  }
}

function idsOf({ owned }: Consumer): StreamId[] {
  const ids: StreamId[] = []
  for (let more = owned.first(); more; more = owned.next()) ids.push(owned.id(new StreamId()))
  return ids
}

function writeIds(ids: readonly StreamId[], writer: ValueWriter): void {
  const bytes = Span.of(new Uint8Array(ID_BYTES))
  writer.size(ids.length)
  for (const id of ids) {
    id.write(bytes.mem, 0)
    writer.bytes(bytes)
  }
}

function writeId(writer: ValueWriter, id: StreamId): void {
  writer.size(id.ms)
  writer.size(id.seq)
}

function unsigned(value: number | bigint): number | bigint {
  return value < 0 ? BigInt.asUintN(64, BigInt(value)) : value
}

// Reading -----------------------------------------------------------------------------------------------------

/** Fills an empty stream. Throws BAD_DATA and leaves what it has read so far. */
export function readStream(rdbType: number, reader: ValueReader, stream: Stream): void {
  const counted = rdbType !== RdbType.streamListpacks
  const living = readNodes(reader, stream)
  if (reader.size() !== living) throw BAD_DATA
  stream.length = living
  stream.setLastId(readId(reader))
  if (counted) {
    stream.setFirstId(readId(reader))
    stream.setDeletedId(readId(reader))
    stream.added = signed(reader.wideSize())
  } else {
    stream.noteFirst()
    stream.added = living
  }
  for (let groups = reader.size(); groups > 0; groups--) readGroup(rdbType, reader, stream)
}

/** Answers how many entries live. */
function readNodes(reader: ValueReader, stream: Stream): number {
  const { nodes } = stream
  const id = new StreamId()
  let living = 0
  for (let count = reader.size(); count > 0; count--) {
    const key = reader.string()
    if (key.length !== ID_BYTES) throw BAD_DATA
    id.read(key.mem, key.start)
    const listpack = reader.string()
    if (!isValidNode(listpack) || nodes.table.find(id)) throw BAD_DATA
    nodes.adopt(id, listpack.mem, listpack.start, listpack.length)
    nodes.table.find(id)
    living += nodes.readHead().count
  }
  return living
}

function readGroup(rdbType: number, reader: ValueReader, stream: Stream): void {
  const name = reader.string().clone()
  const lastId = readId(reader)
  const counted = rdbType !== RdbType.streamListpacks
  const read = counted ? signed(reader.wideSize()) : distance(stream, lastId)
  if (stream.findGroup(name) !== null) throw BAD_DATA
  const group = stream.addGroup(name, lastId, read)
  for (let pending = reader.size(); pending > 0; pending--) {
    const id = readIdBytes(reader)
    const delivered = reader.int64()
    const deliveries = signed(reader.wideSize())
    if (group.pending.find(id)) throw BAD_DATA
    group.addPending(id, delivered, deliveries)
  }
  for (let consumers = reader.size(); consumers > 0; consumers--) readConsumer(rdbType, reader, group)
}

function readConsumer(rdbType: number, reader: ValueReader, group: Group): void {
  const name = reader.string().clone()
  const seen = reader.int64()
  const active = rdbType === RdbType.streamListpacks3 ? reader.int64() : seen
  if (group.findConsumer(name) !== null) throw BAD_DATA
  const consumer = group.addConsumer(name, seen)
  consumer.activeMs = active
  const adopter = name.length === 0
  for (let owned = reader.size(); owned > 0; owned--) {
    const id = readIdBytes(reader)
    if (!group.pending.find(id) || group.ownerRef !== 0) throw BAD_DATA
    if (!adopter || group.deliveredMs !== 0) group.giveTo(id, consumer)
  }
  if (adopter && seen === 0n && consumer.owned.count === 0) group.removeConsumer(consumer)
}

function readId(reader: ValueReader): StreamId {
  const ms = reader.wideSize()
  return new StreamId().setParts(ms, reader.wideSize())
}

function readIdBytes(reader: ValueReader): StreamId {
  const { mem, start } = reader.bytes(ID_BYTES)
  return new StreamId().read(mem, start)
}

/** Counters are signed; -1 stands for what is unknown. */
function signed(value: bigint): number | bigint {
  if (value > INT64_MAX) return UNKNOWN
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
