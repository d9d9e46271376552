/**
 * Which messages of which producers are in a stream already: XADD with IDMP adds a message once, however often its
 * producer sends it.
 *
 *      producers   duration u32 (seconds), most u32, next to look at u32, names of the producers, pad,
 *                  messages recorded i64, repeated i64
 *      producer    id table of its messages, each with its reference; their names; pad; its name
 *      message     id of its entry, its name (the idempotent id)
 *
 * A message is remembered for some seconds, and no more than so many of one producer are. Its age is that of its
 * entry's id, which the server made, so the id table is the queue in which messages are forgotten. Each new message
 * also looks at one other producer, so that those who never come again are forgotten too.
 */

import { Span } from '../../lib/bytes.js'
import { type Arena, offsetOf } from '../../memory/arena.js'
import { keyRoom, readKey, writeKey } from '../../memory/key.js'
import { IdTable } from './id-table.js'
import { addInt64, readInt64, writeInt64 } from './int64.js'
import { NameTable } from './name-table.js'
import { ID_BYTES, StreamId } from './stream-id.js'

/** Limits of the limits, Redis' own. */
export const DURATION_MAX = 86_400
export const MESSAGES_MAX = 10_000

const DURATION_AT = 0
const MOST_AT = 4
const NEXT_AT = 8
const PRODUCERS_AT = 12
const RECORDED_AT = 24
const REPEATED_AT = 32
const PRODUCERS_BYTES = 40

const QUEUE_AT = 0
const MESSAGES_AT = 16
const PRODUCER_NAME_AT = 28

const MESSAGE_NAME_AT = ID_BYTES

export class Producers {
  private ref = 0
  private readonly producers: NameTable
  private readonly queue: IdTable
  private readonly messages: NameTable
  private readonly id = new StreamId()
  private readonly name = Span.of('')

  constructor(private readonly arena: Arena) {
    this.producers = new NameTable(arena, PRODUCER_NAME_AT)
    this.queue = new IdTable(arena, 4)
    this.messages = new NameTable(arena, MESSAGE_NAME_AT)
  }

  create(durationSeconds: number, most: number): number {
    this.ref = this.arena.alloc(PRODUCERS_BYTES)
    this.producers.create(this.ref, PRODUCERS_AT)
    this.setLimits(durationSeconds, most)
    this.setWord(NEXT_AT, 0)
    writeInt64(this.arena.mem(this.ref), offsetOf(this.ref) + RECORDED_AT, 0)
    writeInt64(this.arena.mem(this.ref), offsetOf(this.ref) + REPEATED_AT, 0)
    return this.ref
  }

  open(ref: number): this {
    this.ref = ref
    this.producers.open(ref, PRODUCERS_AT)
    return this
  }

  get durationSeconds(): number {
    return this.word(DURATION_AT)
  }

  get most(): number {
    return this.word(MOST_AT)
  }

  get count(): number {
    return this.producers.count
  }

  /** Messages that are remembered. */
  get messageCount(): number {
    let sum = 0
    for (let i = 0; i < this.count; i++) sum += this.openProducer(this.producers.at(i)).count
    return sum
  }

  /** Messages ever recorded, and met again. */
  get recorded(): number | bigint {
    return readInt64(this.arena.mem(this.ref), offsetOf(this.ref) + RECORDED_AT)
  }

  get repeated(): number | bigint {
    return readInt64(this.arena.mem(this.ref), offsetOf(this.ref) + REPEATED_AT)
  }

  setLimits(durationSeconds: number, most: number): void {
    this.setWord(DURATION_AT, durationSeconds)
    this.setWord(MOST_AT, most)
  }

  /** The id under which a producer's message was added, if it is remembered; counts the repetition. */
  find(producer: Span, message: Span, nowMs: number, into: StreamId): boolean {
    const ref = this.producers.find(producer)
    if (ref === 0) return false
    this.forgetOld(this.openProducer(ref), nowMs, this.most)
    const found = this.messages.find(message)
    if (found === 0) return false
    into.read(this.arena.mem(found), offsetOf(found))
    addInt64(this.arena.mem(this.ref), offsetOf(this.ref) + REPEATED_AT, 1)
    return true
  }

  /** Remembers a message that is not. */
  record(producer: Span, message: Span, id: StreamId, nowMs: number): void {
    this.visitAnother(nowMs)
    this.openProducer(this.producers.find(producer) || this.add(producer))
    if (this.messages.find(message) !== 0 || this.queue.find(id)) return
    this.forgetOld(this.queue, nowMs, this.most - 1)
    this.remember(message, id)
    addInt64(this.arena.mem(this.ref), offsetOf(this.ref) + RECORDED_AT, 1)
  }

  /** Adds a message to the producer that is open. */
  private remember(message: Span, id: StreamId): void {
    const ref = this.arena.alloc(MESSAGE_NAME_AT + keyRoom(message.length))
    id.write(this.arena.mem(ref), offsetOf(ref))
    writeKey(this.arena.mem(ref), offsetOf(ref) + MESSAGE_NAME_AT, message)
    this.messages.insert(message, ref)
    this.queue.insert(id)
    this.queue.mem.i32[this.queue.data >>> 2] = ref
  }

  /** Takes in what a file says of a producer; false: it has the message already. */
  restore(producer: Span, message: Span, id: StreamId): boolean {
    this.openProducer(this.producers.find(producer) || this.add(producer))
    if (this.messages.find(message) !== 0 || this.queue.find(id)) return false
    this.remember(message, id)
    return true
  }

  restoreCounts(recorded: number | bigint, repeated: number | bigint): void {
    writeInt64(this.arena.mem(this.ref), offsetOf(this.ref) + RECORDED_AT, recorded)
    writeInt64(this.arena.mem(this.ref), offsetOf(this.ref) + REPEATED_AT, repeated)
  }

  /** Shows the producer at a place in their order, and then its messages, the oldest first. */
  walk(
    index: number,
    meet: (name: Span, messages: number) => void,
    visit: (message: Span, id: StreamId) => void,
  ): void {
    const ref = this.producers.at(index)
    this.openProducer(ref)
    meet(readKey(this.arena.mem(ref), offsetOf(ref) + PRODUCER_NAME_AT, this.name), this.queue.count)
    for (let more = this.queue.first(); more; more = this.queue.next()) {
      const message = this.queue.mem.i32[this.queue.data >>> 2]
      const name = readKey(this.arena.mem(message), offsetOf(message) + MESSAGE_NAME_AT, this.name)
      visit(name, this.queue.id(this.id))
    }
  }

  /** Forgets all messages. */
  clear(): void {
    while (this.producers.count > 0) {
      const ref = this.producers.pop()
      this.openProducer(ref)
      while (this.queue.first()) this.forgetFirst()
      this.freeProducer(ref)
    }
  }

  free(): void {
    this.clear()
    this.arena.free(this.ref, PRODUCERS_BYTES)
  }

  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    yield [this.ref, PRODUCERS_BYTES]
    yield* this.producers.blocks()
    for (let i = 0; i < this.count; i++) {
      const ref = this.producers.at(i)
      yield [ref, this.producerBytes(ref)]
      yield* this.openProducer(ref).blocks()
      yield* this.messages.blocks()
      for (let each = 0; each < this.messages.count; each++) {
        const message = this.messages.at(each)
        yield [message, this.messageBytes(message)]
      }
    }
  }

  private add(producer: Span): number {
    const ref = this.arena.alloc(PRODUCER_NAME_AT + keyRoom(producer.length))
    writeKey(this.arena.mem(ref), offsetOf(ref) + PRODUCER_NAME_AT, producer)
    this.queue.create(ref, QUEUE_AT)
    this.messages.create(ref, MESSAGES_AT)
    this.producers.insert(producer, ref)
    return ref
  }

  private openProducer(ref: number): IdTable {
    this.messages.open(ref, MESSAGES_AT)
    return this.queue.open(ref, QUEUE_AT)
  }

  private forgetOld(queue: IdTable, nowMs: number, most: number): void {
    const before = this.id.setMs(Math.max(0, nowMs - this.durationSeconds * 1000)).clone()
    while (queue.first() && (queue.count > most || queue.id(this.id).compare(before) < 0)) this.forgetFirst()
  }

  /** Forgets the message at the place of the queue. */
  private forgetFirst(): void {
    const ref = this.queue.mem.i32[this.queue.data >>> 2]
    this.messages.remove(readKey(this.arena.mem(ref), offsetOf(ref) + MESSAGE_NAME_AT, this.name))
    this.arena.free(ref, this.messageBytes(ref))
    this.queue.remove()
  }

  /** Looks after the next producer in the row; one without messages is forgotten. */
  private visitAnother(nowMs: number): void {
    if (this.count === 0) return
    const index = this.word(NEXT_AT) % this.count
    const ref = this.producers.at(index)
    this.forgetOld(this.openProducer(ref), nowMs, this.most)
    this.setWord(NEXT_AT, index + 1)
    if (this.queue.count > 0) return
    this.producers.remove(readKey(this.arena.mem(ref), offsetOf(ref) + PRODUCER_NAME_AT, this.name))
    this.freeProducer(ref)
  }

  /** The producer that is open, without messages. */
  private freeProducer(ref: number): void {
    this.queue.free(Infinity)
    this.arena.free(ref, this.producerBytes(ref))
  }

  private producerBytes(ref: number): number {
    const name = readKey(this.arena.mem(ref), offsetOf(ref) + PRODUCER_NAME_AT, this.name)
    return PRODUCER_NAME_AT + keyRoom(name.length)
  }

  private messageBytes(ref: number): number {
    const name = readKey(this.arena.mem(ref), offsetOf(ref) + MESSAGE_NAME_AT, this.name)
    return MESSAGE_NAME_AT + keyRoom(name.length)
  }

  private word(at: number): number {
    return this.arena.mem(this.ref).i32[(offsetOf(this.ref) + at) >>> 2]
  }

  private setWord(at: number, value: number): void {
    this.arena.mem(this.ref).i32[(offsetOf(this.ref) + at) >>> 2] = value
  }
}
