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
 *                 from form 27 on: what nobody answers for: size, (id: 16 bytes)*
 *      consumer   name, seen: i64, from form 21 on: active: i64, pending: size, (id: 16 bytes)*
 *      producers  from form 26 on: see producers-serial.ts
 *
 * Ids elsewhere are two sizes. We write form 19, which every server since 7.0 reads, and form 26 where there are
 * producers. Neither can say that nobody has to answer for an entry (XNACK): such entries go to a consumer without a
 * name, delivered in 1970, and come back from it.
 */

import { Span } from '../../lib/bytes.js'
import { offsetOf } from '../../memory/arena.js'
import {
  STREAM_CONSUMER_TWICE,
  STREAM_GROUP_TWICE,
  STREAM_LENGTH_WRONG,
  STREAM_LISTPACK_DAMAGED,
  STREAM_NODE_ID_INVALID,
  STREAM_PENDING_ORPHANED,
  STREAM_PENDING_SHARED,
  STREAM_PENDING_TWICE,
  STREAM_PENDING_UNKNOWN,
} from '../serial/bad-data.js'
import { RdbType } from '../serial/encoding.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import { isValidNode } from './check.js'
import type { Group } from './groups.js'
import { distance } from './lag.js'
import { PendingShares } from './pending-shares.js'
import { readProducers, writeProducers } from './producers-serial.js'
import { readId, readIdBytes, readTime, signed, unsigned, writeId } from './serial-parts.js'
import type { Stream } from './stream.js'
import { ID_BYTES, StreamId } from './stream-id.js'

export const STREAM_RDB_TYPES = [
  RdbType.streamListpacks,
  RdbType.streamListpacks2,
  RdbType.streamListpacks3,
  RdbType.streamListpacks4,
  RdbType.streamListpacks5,
] as const

/** From these forms on there is more, as the head of this file says. */
const COUNTS = RdbType.streamListpacks2
const ACTIVE_TIMES = RdbType.streamListpacks3
const PRODUCERS = RdbType.streamListpacks4
const NACKED = RdbType.streamListpacks5

const NOBODY = Span.of('')

// Writing -----------------------------------------------------------------------------------------------------

export function writeStream(stream: Stream, writer: ValueWriter): void {
  const { nodes } = stream
  writer.size(nodes.count)
  for (let more = nodes.table.first(); more; more = nodes.table.next()) writeNode(stream, writer)
  writeRest(stream, writer)
}

/** The node at the table's place. */
export function writeNode({ nodes, arena }: Stream, writer: ValueWriter): void {
  const ref = nodes.block
  writer.string(new Span(nodes.table.mem, nodes.table.at, ID_BYTES))
  writer.string(new Span(arena.mem(ref), offsetOf(ref), nodes.bytes))
}

/** What follows the nodes. */
export function writeRest(stream: Stream, writer: ValueWriter): void {
  writer.size(stream.length)
  writeId(writer, stream.lastId)
  writeId(writer, stream.firstId)
  writeId(writer, stream.deletedId)
  writer.size(unsigned(stream.added))
  writer.size(stream.groupCount)
  const form = formOf(stream)
  for (let i = 0; i < stream.groupCount; i++) writeGroup(form, stream.groupAt(i), writer)
  const { producers } = stream
  if (producers !== null) writeProducers(producers, writer)
}

/** The oldest form that holds all of it. */
export function formOf(stream: Stream): number {
  return stream.producers === null ? COUNTS : PRODUCERS
}

function writeGroup(form: number, group: Group, writer: ValueWriter): void {
  writer.string(group.name)
  writeId(writer, group.lastId)
  writer.size(unsigned(group.entriesRead))
  const { pending } = group
  writer.size(pending.count)
  for (let more = pending.first(); more; more = pending.next()) {
    writer.bytes(new Span(pending.mem, pending.at, ID_BYTES))
    writer.int64(group.deliveredMs)
    writer.size(unsigned(group.deliveries))
  }
  writeConsumers(form, group, writer)
}

function writeConsumers(form: number, group: Group, writer: ValueWriter): void {
  const shares = new PendingShares(group)
  const orphans = shares.of(0)
  const adopter = orphans.length > 0 && group.findConsumer(NOBODY) === null
  writer.size(group.consumerCount + (adopter ? 1 : 0))
  if (adopter) {
    writer.string(NOBODY)
    writer.int64(0)
    if (form >= ACTIVE_TIMES) writer.int64(0)
    writeShare(writer, orphans)
  }
  for (let i = 0; i < group.consumerCount; i++) {
    const consumer = group.consumerAt(i)
    const { length } = consumer.name
    writer.string(consumer.name)
    writer.int64(consumer.times[0])
    if (form >= ACTIVE_TIMES) writer.int64(consumer.times[1])
    writeShare(writer, shares.of(consumer.ref), length === 0 ? orphans : undefined)
  }
}

function writeShare(writer: ValueWriter, ids: Span, more?: Span): void {
  writer.size((ids.length + (more?.length ?? 0)) / ID_BYTES)
  writer.bytes(ids)
  if (more !== undefined) writer.bytes(more)
}

// Reading -----------------------------------------------------------------------------------------------------

/** Fills an empty stream. Throws BadData and leaves what it has read so far. */
export function readStream(rdbType: number, reader: ValueReader, stream: Stream): void {
  const living = readNodes(reader, stream)
  if (reader.size() !== living) throw STREAM_LENGTH_WRONG
  stream.length = living
  stream.setLastId(readId(reader))
  if (rdbType >= COUNTS) {
    stream.setFirstId(readId(reader))
    stream.setDeletedId(readId(reader))
    stream.added = signed(reader.wideSize())
  } else {
    stream.noteFirst()
    stream.added = living
  }
  for (let groups = reader.size(); groups > 0; groups--) readGroup(rdbType, reader, stream)
  if (rdbType >= PRODUCERS) readProducers(reader, stream)
}

/** Answers how many entries live. */
function readNodes(reader: ValueReader, stream: Stream): number {
  const { nodes } = stream
  const id = new StreamId()
  let living = 0
  for (let count = reader.size(); count > 0; count--) {
    const key = reader.string()
    if (key.length !== ID_BYTES) throw STREAM_NODE_ID_INVALID
    id.read(key.mem, key.start)
    const listpack = reader.string()
    if (!isValidNode(listpack) || nodes.table.find(id)) throw STREAM_LISTPACK_DAMAGED
    nodes.adopt(id, listpack.mem, listpack.start, listpack.length)
    nodes.table.find(id)
    living += nodes.readHead().count
  }
  return living
}

function readGroup(rdbType: number, reader: ValueReader, stream: Stream): void {
  const name = reader.string().clone()
  const lastId = readId(reader)
  const read = rdbType >= COUNTS ? signed(reader.wideSize()) : distance(stream, lastId)
  if (stream.findGroup(name) !== null) throw STREAM_GROUP_TWICE
  const group = stream.addGroup(name, lastId, read)
  for (let pending = reader.size(); pending > 0; pending--) {
    const id = readIdBytes(reader)
    const delivered = readTime(reader)
    const deliveries = signed(reader.wideSize())
    if (!group.addPending(id, delivered, deliveries)) throw STREAM_PENDING_TWICE
  }
  let owned = 0
  for (let consumers = reader.size(); consumers > 0; consumers--)
    owned += readConsumer(rdbType, reader, group)
  if (rdbType >= NACKED) owned += readNacked(reader, group)
  if (owned !== group.pending.count) throw STREAM_PENDING_ORPHANED
}

/** Answers how many entries it answers for. */
function readConsumer(rdbType: number, reader: ValueReader, group: Group): number {
  const name = reader.string().clone()
  const seen = readTime(reader)
  const active = rdbType >= ACTIVE_TIMES ? readTime(reader) : seen
  if (group.findConsumer(name) !== null) throw STREAM_CONSUMER_TWICE
  const consumer = group.addConsumer(name, seen)
  consumer.activeMs = active
  const adopter = name.length === 0
  const owned = reader.size()
  for (let left = owned; left > 0; left--) {
    const id = readIdBytes(reader)
    if (!group.pending.find(id)) throw STREAM_PENDING_UNKNOWN
    if (group.ownerRef !== 0) throw STREAM_PENDING_SHARED
    if (!adopter || group.deliveredMs !== 0) group.giveTo(consumer)
  }
  if (adopter && seen === 0 && consumer.owned === 0) group.removeConsumer(consumer)
  return owned
}

/** Answers how many entries nobody answers for. */
function readNacked(reader: ValueReader, group: Group): number {
  const count = reader.size()
  for (let left = count; left > 0; left--) {
    if (!group.pending.find(readIdBytes(reader))) throw STREAM_PENDING_UNKNOWN
    if (group.ownerRef !== 0) throw STREAM_PENDING_SHARED
    group.deliveredMs = 0
  }
  return count
}
