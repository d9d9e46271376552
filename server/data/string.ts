/**
 * Strings: four encodings behind one face.
 *
 *      INT32    payload = the integer                        "1234"
 *      INT64    8 bytes inline                               "9007199254740993"
 *      INLINE   payload = length, bytes inline               up to 512 bytes, set in one piece
 *      BLOCK    payload = block: u32 length, u32 capacity, bytes
 *
 * Redis tells its users three encodings, by its own rules: `int`; `embstr` for up to 44 bytes set in one piece; `raw`
 * otherwise. INLINE and BLOCK follow them: a string that was edited in place lives in a BLOCK, whose
 * capacity doubles (up to 1 MiB of slack, or an eighth) so that APPEND is linear over its lifetime.
 *
 * Edits happen in two steps, as an entry may move: the keyspace asks `plan...` how much inline room the new value
 * needs, makes it, and then lets `write...` fill it.
 */

import { Mem, Span, copyBytes, zeroBytes } from '../lib/bytes.js'
import { parseInteger, writeInteger } from '../lib/integer.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT, blockBytes, isGiant } from '../memory/arena.js'
import { STRING_HEADER } from '../memory/string-block.js'
import { type Entries, Type } from './entry.js'
import type { Place, ValueKind } from './kind.js'
import { RdbType } from './serial/encoding.js'
import type { ValueReader } from './serial/value-reader.js'
import type { ValueWriter } from './serial/value-writer.js'

const INT32 = 0
const INT64 = 1
const INLINE = 2
const BLOCK = 3
/** The type and the flags in an entry's first word: both 0 for a string without a time to live. */
const PLAIN_MASK = 0x00ff00ff

const INLINE_MAX = 512
/** Redis' limit of `embstr`. */
const EMBSTR_MAX = 44
/**
 * Redis stops at so much slack, and has realloc move what is larger without a copy. We copy, so a large string gets an
 * eighth: pages that nothing was written to are none of the process.
 */
const SLACK_MAX = 1 << 20
const SLACK_SHARE = 8
/** What a block of the largest size holds: its bytes are counted in 32 bits. */
const CAPACITY_MAX = 2 ** 32 - 2 ** 16
/** Longer text is not a 64-bit integer. */
const INTEGER_TEXT_MAX = 20
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

export class Strings implements ValueKind {
  readonly name = 'string'
  readonly rdbTypes = [RdbType.string]
  private readonly digits = new Mem(new ArrayBuffer(24))
  /** What this object looks at itself. */
  private readonly seen = new Span(this.digits, 0, 0)

  constructor(
    private readonly arena: Arena,
    private readonly entries: Entries,
  ) {}

  // Reading -------------------------------------------------------------------------------------------------

  /** Points `span` at the value's bytes; integers are written out into a memory of this object. */
  view(ref: number, span: Span): Span {
    switch (this.entries.encoding(ref)) {
      case INLINE:
        return span.set(this.entries.mem(ref), this.entries.inlineAt(ref), this.entries.payload(ref))
      case BLOCK: {
        const block = this.entries.payload(ref)
        return span.set(this.arena.mems[block >>> SEGMENT_SHIFT], dataAt(block), this.blockLength(block))
      }
      default:
        return this.viewInteger(ref, span)
    }
  }

  length(ref: number): number {
    const encoding = this.entries.encoding(ref)
    if (encoding === INLINE) return this.entries.payload(ref)
    if (encoding === BLOCK) return this.blockLength(this.entries.payload(ref))
    return this.viewInteger(ref, this.seen).length
  }

  /** The value as a number when it is stored as a 32-bit integer, else NaN: the fast path of INCR. */
  smallInteger(ref: number): number {
    return this.entries.encoding(ref) === INT32 ? this.entries.payload(ref) : NaN
  }

  /** The value as a 64-bit integer, or null when it is not one. */
  integer(ref: number): bigint | null {
    switch (this.entries.encoding(ref)) {
      case INT32:
        return BigInt(this.entries.payload(ref))
      case INT64:
        return this.entries.mem(ref).dv.getBigInt64(this.entries.inlineAt(ref), true)
      default: {
        const span = this.view(ref, this.seen)
        return span.length <= INTEGER_TEXT_MAX ? parseInt64Text(span) : null
      }
    }
  }

  encodingName(ref: number): string {
    const encoding = this.entries.encoding(ref)
    if (encoding === INT32 || encoding === INT64) return 'int'
    return encoding === INLINE && this.entries.payload(ref) <= EMBSTR_MAX ? 'embstr' : 'raw'
  }

  // Writing -------------------------------------------------------------------------------------------------

  /** The inline room that `value` needs when set in one piece. */
  plan(value: Span): number {
    if (value.length > INLINE_MAX) return 0
    if (value.length <= INTEGER_TEXT_MAX && looksNumeric(value)) {
      const small = parseInteger(value)
      if (small === (small | 0)) return 0
      if (!Number.isNaN(small) || parseInt64Text(value) !== null) return 8
    }
    return value.length
  }

  /** Stores `value` into an entry that has the room `plan` asked for, and no value. */
  write(ref: number, value: Span): void {
    if (value.length <= INTEGER_TEXT_MAX && looksNumeric(value)) {
      const small = parseInteger(value)
      if (small === (small | 0)) {
        this.writeSmall(ref, small)
        return
      }
      const wide = Number.isNaN(small) ? parseInt64Text(value) : BigInt(small)
      if (wide !== null) {
        this.writeWide(ref, wide)
        return
      }
    }
    this.writeText(ref, value)
  }

  /** As `plan`, where `writeText` is to follow. */
  planText(value: Span): number {
    return value.length > INLINE_MAX ? 0 : value.length
  }

  /** Stores `value` byte by byte, also when it is an integer. */
  writeText(ref: number, value: Span): void {
    if (value.length <= INLINE_MAX) {
      this.entries.setEncoding(ref, Type.string, INLINE)
      this.entries.setPayload(ref, value.length)
      value.copyTo(this.entries.mem(ref), this.entries.inlineAt(ref))
      return
    }
    const { mem, start } = value
    const block = mem.isGift && start === STRING_HEADER ? this.adopt(value) : this.blockOf(value)
    this.entries.setEncoding(ref, Type.string, BLOCK)
    this.entries.setPayload(ref, block)
  }

  /**
   * Stores `value`, for which `plan` asked `inline` bytes, over the string that an entry without a time to live
   * holds, if the entry's block suits both: the common SET of an existing key.
   */
  overwrite(ref: number, value: Span, inline: number): boolean {
    const { entries } = this
    const header = entries.mem(ref).i32[entries.wordAt(ref)]
    if ((header & PLAIN_MASK) !== Type.string || value.length > INLINE_MAX) return false
    const encoding = (header >>> 8) & 0xff
    if (encoding === BLOCK) return false
    const had = encoding === INLINE ? entries.payload(ref) : encoding === INT64 ? 8 : 0
    if (had !== inline && !this.arena.sameClass(entries.bytes(ref, had), entries.bytes(ref, inline)))
      return false
    this.write(ref, value)
    return true
  }

  /** Puts a small integer in the place of another. */
  replaceSmall(ref: number, value: number | bigint): boolean {
    if (typeof value !== 'number' || value !== (value | 0) || this.entries.encoding(ref) !== INT32)
      return false
    this.entries.setPayload(ref, value)
    return true
  }

  /** The inline room of an integer. */
  planInteger(value: number | bigint): number {
    return typeof value === 'number' && value === (value | 0) ? 0 : 8
  }

  writeInteger(ref: number, value: number | bigint): void {
    if (typeof value === 'number' && value === (value | 0)) this.writeSmall(ref, value)
    else this.writeWide(ref, BigInt(value))
  }

  /**
   * Makes the value an editable block of `length` bytes: what was there stays, the rest is zeros. The entry keeps
   * the value's old inline room until the keyspace reshapes it to none. Answers where the bytes are.
   */
  edit(ref: number, length: number, span: Span): Span {
    if (this.entries.encoding(ref) !== BLOCK) {
      const old = this.view(ref, span)
      const block = this.allocBlock(Math.max(length, old.length))
      copyBytes(this.arena.mem(block), dataAt(block), old.mem, old.start, old.length)
      this.zeroNew(block, old.length, length)
      this.setBlockLength(block, length)
      this.entries.setEncoding(ref, Type.string, BLOCK)
      this.entries.setPayload(ref, block)
    } else {
      this.resize(ref, length)
    }
    return this.view(ref, span)
  }

  /** Puts a string of `length` zero bytes into an entry without a value. */
  writeZeros(ref: number, length: number): void {
    const block = this.allocBlock(length)
    this.zeroNew(block, 0, length)
    this.entries.setEncoding(ref, Type.string, BLOCK)
    this.entries.setPayload(ref, block)
  }

  // As a kind -----------------------------------------------------------------------------------------------

  inlineBytes(ref: number): number {
    const encoding = this.entries.encoding(ref)
    return encoding === INLINE ? this.entries.payload(ref) : encoding === INT64 ? 8 : 0
  }

  free(ref: number): void {
    if (this.entries.encoding(ref) !== BLOCK) return
    const block = this.entries.payload(ref)
    this.arena.free(block, this.blockCapacity(block) + STRING_HEADER)
  }

  bytes(ref: number): number {
    if (this.entries.encoding(ref) !== BLOCK) return 0
    return blockBytes(this.blockCapacity(this.entries.payload(ref)) + STRING_HEADER)
  }

  freeEffort(): number {
    return 1
  }

  *blocks(ref: number): Generator<readonly [ref: number, bytes: number]> {
    if (this.entries.encoding(ref) !== BLOCK) return
    const block = this.entries.payload(ref)
    yield [block, this.blockCapacity(block) + STRING_HEADER]
  }

  copy(ref: number, place: Place): number {
    const { entries } = this
    const encoding = entries.encoding(ref)
    const inline = this.inlineBytes(ref)
    const payload = encoding === BLOCK ? this.copyBlock(entries.payload(ref)) : entries.payload(ref)
    const made = place(inline)
    entries.setEncoding(made, Type.string, encoding)
    entries.setPayload(made, payload)
    copyBytes(entries.mem(made), entries.inlineAt(made), entries.mem(ref), entries.inlineAt(ref), inline)
    return made
  }

  rdbType(): number {
    return RdbType.string
  }

  serialize(ref: number, writer: ValueWriter): void {
    writer.string(this.view(ref, this.seen))
  }

  deserialize(_rdbType: number, reader: ValueReader, place: Place): number {
    const value = reader.string()
    const made = place(this.plan(value))
    this.write(made, value)
    return made
  }

  // Integers ------------------------------------------------------------------------------------------------

  private writeSmall(ref: number, value: number): void {
    this.entries.setEncoding(ref, Type.string, INT32)
    this.entries.setPayload(ref, value)
  }

  private writeWide(ref: number, value: bigint): void {
    this.entries.setEncoding(ref, Type.string, INT64)
    this.entries.setPayload(ref, 0)
    this.entries.mem(ref).dv.setBigInt64(this.entries.inlineAt(ref), value, true)
  }

  private viewInteger(ref: number, span: Span): Span {
    const { u8 } = this.digits
    if (this.entries.encoding(ref) === INT32) {
      return span.set(this.digits, 0, writeInteger(this.entries.payload(ref), u8, 0))
    }
    const value = this.entries.mem(ref).dv.getBigInt64(this.entries.inlineAt(ref), true)
    return span.set(this.digits, 0, u8.latin1Write(value.toString(), 0))
  }

  // Blocks --------------------------------------------------------------------------------------------------

  private allocBlock(length: number, capacity = length): number {
    const block = this.arena.alloc(capacity + STRING_HEADER)
    this.setBlockLength(block, length)
    this.arena.mem(block).dv.setUint32(headerAt(block) + 4, capacity, true)
    return block
  }

  private blockOf(value: Span): number {
    const block = this.allocBlock(value.length)
    copyBytes(this.arena.mem(block), dataAt(block), value.mem, value.start, value.length)
    return block
  }

  /** Makes the memory of a gift the block itself. */
  private adopt({ mem, length }: Span): number {
    const block = this.arena.adopt(mem)
    mem.isGift = false
    this.setBlockLength(block, length)
    mem.dv.setUint32(headerAt(block) + 4, mem.length - STRING_HEADER, true)
    return block
  }

  /** Zeros the bytes [from, to) of a new block; those of a giant are zeros: 512 MB of them would take 200 ms. */
  private zeroNew(block: number, from: number, to: number): void {
    if (isGiant(this.blockCapacity(block) + STRING_HEADER)) return
    zeroBytes(this.arena.mem(block), dataAt(block) + from, dataAt(block) + to)
  }

  private copyBlock(block: number): number {
    const length = this.blockLength(block)
    const copy = this.allocBlock(length)
    copyBytes(this.arena.mem(copy), dataAt(copy), this.arena.mem(block), dataAt(block), length)
    return copy
  }

  private resize(ref: number, length: number): void {
    const block = this.entries.payload(ref)
    const was = this.blockLength(block)
    const capacity = this.blockCapacity(block)
    if (length > capacity) {
      const larger = this.allocBlock(length, length + slackFor(length))
      copyBytes(this.arena.mem(larger), dataAt(larger), this.arena.mem(block), dataAt(block), was)
      this.arena.free(block, capacity + STRING_HEADER)
      this.entries.setPayload(ref, larger)
      this.zeroNew(larger, was, length)
    } else {
      if (length > was) zeroBytes(this.arena.mem(block), dataAt(block) + was, dataAt(block) + length)
      this.setBlockLength(block, length)
    }
  }

  private blockLength(block: number): number {
    return this.arena.mems[block >>> SEGMENT_SHIFT].dv.getUint32(headerAt(block), true)
  }

  private setBlockLength(block: number, length: number): void {
    this.arena.mem(block).dv.setUint32(headerAt(block), length, true)
  }

  private blockCapacity(block: number): number {
    return this.arena.mem(block).dv.getUint32(headerAt(block) + 4, true)
  }
}

function slackFor(length: number): number {
  return Math.min(length, Math.max(SLACK_MAX, Math.floor(length / SLACK_SHARE)), CAPACITY_MAX - length)
}

function headerAt(block: number): number {
  return (block & UNIT_MASK) << UNIT_SHIFT
}

function dataAt(block: number): number {
  return headerAt(block) + STRING_HEADER
}

/** Whether the text may be an integer: one look at its ends spares most values the parse. */
function looksNumeric(value: Span): boolean {
  if (value.length === 0) return false
  const first = value.mem.u8[value.start]
  const last = value.mem.u8[value.start + value.length - 1]
  return last >= 48 && last <= 57 && ((first >= 48 && first <= 57) || first === 45)
}

/** The strict 64-bit reading of a span that has at most 20 bytes. */
function parseInt64Text(span: Span): bigint | null {
  const text = span.latin1()
  if (!/^(0|-?[1-9][0-9]*)$/.test(text)) return null
  const value = BigInt(text)
  return value >= INT64_MIN && value <= INT64_MAX ? value : null
}
