/**
 * A key and what it holds: one block of the arena.
 *
 *       0  type       what the value is (see Type)
 *       1  encoding   how the type stores it; private to the type's file
 *       2  flags      EXPIRES: a time to live follows the key
 *       3  epoch      the snapshot that last saw this entry
 *       4  access     u32: LRU clock in seconds, or LFU minutes << 8 | counter
 *       8  payload    u32: a length, a small integer or a reference, as the encoding says
 *      12  key        length (1 byte, or 0xFF + 4) and bytes
 *       .  expiry     i64, unix ms, when EXPIRES is set
 *       .  inline     the value's bytes, when they live here
 *
 * A small string is one block: key, value, clock, time to live. Whoever changes the room behind the key calls
 * `reshape`, which keeps the block when its size class stays the same and moves the entry otherwise.
 */

import type { Mem, Span } from '../lib/bytes.js'
import { copyBytes } from '../lib/bytes.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from '../memory/arena.js'
import { keyRoom, readKey, writeKey } from '../memory/key.js'

export const KEY_AT = 12
const ENCODING_AT = 1
const FLAGS_AT = 2
const EPOCH_AT = 3
const EXPIRES = 1
const EXPIRY_BYTES = 8
const TWO_32 = 4294967296

/** Redis' own numbers, as RDB and OBJECT speak of them. */
export const Type = { string: 0, list: 1, set: 2, zset: 3, hash: 4, stream: 6 } as const
export type Type = (typeof Type)[keyof typeof Type]

/** The type of what is not there. */
export const NOTHING = -1

/** No time to live. */
export const NEVER = -1

/** Reads and writes the fields of entries. One per server: it holds nothing but the arena. */
export class Entries {
  /** The epoch of new entries, and the oldest that any entry bears: see keyspace/snapshot.ts. */
  epochNow = 0
  epochOldest = 0

  constructor(readonly arena: Arena) {}

  /** A new entry with `inlineBytes` of room behind its key (and expiry). */
  create(key: Span, type: Type, inlineBytes: number, expireAt: number | bigint): number {
    const expires = expireAt !== NEVER
    const bytes = KEY_AT + keyRoom(key.length) + (expires ? EXPIRY_BYTES : 0) + inlineBytes
    const ref = this.arena.alloc(bytes)
    const mem = this.arena.mems[ref >>> SEGMENT_SHIFT]
    const at = (ref & UNIT_MASK) << UNIT_SHIFT
    const word = at >>> 2
    mem.i32[word] = type | (expires ? EXPIRES << 16 : 0) | (this.epochNow << 24)
    mem.i32[word + 1] = 0
    mem.i32[word + 2] = 0
    const end = writeKey(mem, at + KEY_AT, key)
    if (expires) writeInt64(mem, end, expireAt)
    return ref
  }

  type(ref: number): Type {
    return this.mem(ref).u8[this.at(ref)] as Type
  }

  encoding(ref: number): number {
    return this.mem(ref).u8[this.at(ref) + ENCODING_AT]
  }

  setEncoding(ref: number, type: Type, encoding: number): void {
    const { u8 } = this.mem(ref)
    u8[this.at(ref)] = type
    u8[this.at(ref) + ENCODING_AT] = encoding
  }

  epoch(ref: number): number {
    return this.mem(ref).u8[this.at(ref) + EPOCH_AT]
  }

  setEpoch(ref: number, epoch: number): void {
    this.mem(ref).u8[this.at(ref) + EPOCH_AT] = epoch
  }

  /** The LRU or LFU word. */
  access(ref: number): number {
    return this.mem(ref).i32[(this.at(ref) >>> 2) + 1]
  }

  setAccess(ref: number, word: number): void {
    this.mem(ref).i32[(this.at(ref) >>> 2) + 1] = word
  }

  payload(ref: number): number {
    return this.mem(ref).i32[(this.at(ref) >>> 2) + 2]
  }

  setPayload(ref: number, word: number): void {
    this.mem(ref).i32[(this.at(ref) >>> 2) + 2] = word
  }

  key(ref: number, span: Span): Span {
    return readKey(this.mem(ref), this.at(ref) + KEY_AT, span)
  }

  expires(ref: number): boolean {
    return (this.mem(ref).u8[this.at(ref) + FLAGS_AT] & EXPIRES) !== 0
  }

  /** Unix ms, or NEVER; exact up to 2^53. */
  expireAt(ref: number): number {
    if (!this.expires(ref)) return NEVER
    const mem = this.mem(ref)
    const at = this.keyEnd(mem, this.at(ref))
    return mem.dv.getInt32(at + 4, true) * TWO_32 + mem.dv.getUint32(at, true)
  }

  /** Unix ms with all 64 bits. */
  expireAtExactly(ref: number): bigint {
    const mem = this.mem(ref)
    return this.expires(ref) ? mem.dv.getBigInt64(this.keyEnd(mem, this.at(ref)), true) : BigInt(NEVER)
  }

  /** Overwrites the time to live of an entry that has one. */
  setExpireAt(ref: number, expireAt: number | bigint): void {
    const mem = this.mem(ref)
    writeInt64(mem, this.keyEnd(mem, this.at(ref)), expireAt)
  }

  /** Where the value's inline bytes begin, in the memory of `ref`. */
  inlineAt(ref: number): number {
    const at = this.at(ref)
    const mem = this.mem(ref)
    return this.keyEnd(mem, at) + (mem.u8[at + FLAGS_AT] & EXPIRES) * EXPIRY_BYTES
  }

  /** The bytes of an entry with this much inline room: what it is allocated and freed with. */
  bytes(ref: number, inlineBytes: number): number {
    return this.inlineAt(ref) - this.at(ref) + inlineBytes
  }

  /**
   * Gives the entry other inline room and, when `expireAt` says so, adds or drops its time to live. The header and
   * key stay; the inline bytes stay as far as both sizes reach. Answers the entry's reference, which may be new.
   */
  reshape(ref: number, fromInline: number, toInline: number, expireAt: number | bigint): number {
    const had = this.expires(ref)
    const has = expireAt !== NEVER
    const from = this.bytes(ref, fromInline)
    const to = from - fromInline + toInline + (has ? EXPIRY_BYTES : 0) - (had ? EXPIRY_BYTES : 0)
    const kept = Math.min(fromInline, toInline)
    const oldInline = this.inlineAt(ref)
    const oldMem = this.mem(ref)
    if (this.arena.sameClass(from, to)) {
      if (had !== has && kept > 0) {
        const shift = has ? EXPIRY_BYTES : -EXPIRY_BYTES
        copyBytes(oldMem, oldInline + shift, oldMem, oldInline, kept)
      }
      this.finishReshape(ref, has, expireAt)
      return ref
    }
    const moved = this.arena.alloc(to)
    const mem = this.mem(moved)
    const head = this.keyEnd(oldMem, this.at(ref)) - this.at(ref)
    copyBytes(mem, this.at(moved), oldMem, this.at(ref), head)
    if (kept > 0) copyBytes(mem, this.at(moved) + head + (has ? EXPIRY_BYTES : 0), oldMem, oldInline, kept)
    this.finishReshape(moved, has, expireAt)
    this.arena.free(ref, from)
    return moved
  }

  private finishReshape(ref: number, has: boolean, expireAt: number | bigint): void {
    const mem = this.mem(ref)
    const at = this.at(ref)
    mem.u8[at + FLAGS_AT] = (mem.u8[at + FLAGS_AT] & ~EXPIRES) | (has ? EXPIRES : 0)
    if (has) writeInt64(mem, this.keyEnd(mem, at), expireAt)
  }

  /** The index of the entry's first word in its memory's `i32`. */
  wordAt(ref: number): number {
    return (ref & UNIT_MASK) << 2
  }

  mem(ref: number): Mem {
    return this.arena.mems[ref >>> SEGMENT_SHIFT]
  }

  private at(ref: number): number {
    return (ref & UNIT_MASK) << UNIT_SHIFT
  }

  private keyEnd(mem: Mem, at: number): number {
    const length = mem.u8[at + KEY_AT]
    return at + KEY_AT + (length < 0xff ? 1 + length : 5 + mem.dv.getUint32(at + KEY_AT + 1, true))
  }
}

function writeInt64(mem: Mem, at: number, value: number | bigint): void {
  if (typeof value === 'bigint') {
    mem.dv.setBigInt64(at, value, true)
    return
  }
  const high = Math.floor(value / TWO_32)
  mem.dv.setInt32(at, value - high * TWO_32, true)
  mem.dv.setInt32(at + 4, high, true)
}
