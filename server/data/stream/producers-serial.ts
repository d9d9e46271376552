/**
 * The producers of a stream in RDB files and DUMP, behind its groups, from form 26 on:
 *
 *      producers   duration: size, most: size, count: size, producer*, recorded: size, repeated: size
 *      producer    name, count: size, (message, id)*             the oldest message first
 *
 * An id is two sizes. A stream without producers has the limits that the directives give new ones.
 */

import { STREAM_PRODUCER_INVALID } from '../serial/bad-data.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import { DURATION_MAX, MESSAGES_MAX, type Producers } from './producers.js'
import { readId, signed, unsigned, writeId } from './serial-parts.js'
import type { Stream } from './stream.js'

/** The directives' defaults: a stream that has no more than these needs no block. */
const DURATION_DEFAULT = 100
const MOST_DEFAULT = 100

export function writeProducers(producers: Producers, writer: ValueWriter): void {
  writer.size(producers.durationSeconds)
  writer.size(producers.most)
  writer.size(producers.count)
  for (let i = 0; i < producers.count; i++) {
    producers.walk(
      i,
      (name, messages) => {
        writer.string(name)
        writer.size(messages)
      },
      (message, id) => {
        writer.string(message)
        writeId(writer, id)
      },
    )
  }
  writer.size(unsigned(producers.recorded))
  writer.size(unsigned(producers.repeated))
}

export function readProducers(reader: ValueReader, stream: Stream): void {
  const limits = [reader.size(), reader.size()] as const
  const count = reader.size()
  if (count > 0 || limits[0] !== DURATION_DEFAULT || limits[1] !== MOST_DEFAULT) create(stream, limits)
  for (let left = count; left > 0; left--) readProducer(reader, stream)
  const recorded = signed(reader.wideSize())
  const repeated = signed(reader.wideSize())
  if (recorded !== 0 || repeated !== 0) create(stream, limits).restoreCounts(recorded, repeated)
}

type Limits = readonly [durationSeconds: number, most: number]

function create(stream: Stream, [duration, most]: Limits): Producers {
  const fits = duration >= 1 && duration <= DURATION_MAX && most >= 1 && most <= MESSAGES_MAX
  if (!fits) throw STREAM_PRODUCER_INVALID
  return stream.rememberProducers(duration, most)
}

function readProducer(reader: ValueReader, stream: Stream): void {
  const name = reader.string().clone()
  for (let left = reader.size(); left > 0; left--) {
    const message = reader.string().clone()
    const id = readId(reader)
    if (stream.producers?.restore(name, message, id) !== true) throw STREAM_PRODUCER_INVALID
  }
}
