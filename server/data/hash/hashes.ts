/**
 * Hashes: fields, each with a value, in one of two forms.
 *
 *      listpack    up to hash-max-listpack-entries fields; names and values up to hash-max-listpack-value bytes long
 *      table       anything; a field may have a time to live
 *
 * A hash that outgrows the listpack, or one of whose fields gets a time to live, becomes a table for good. Redis keeps
 * a small hash with such fields in a listpack of another kind and calls it `listpackex`; by that name such a table goes
 * until it outgrows the limits. The entry's payload is the root of the form; 0 while the hash has no field yet, as
 * between its creation and its first.
 */

import type { Span } from '../../lib/bytes.js'
import type { Random } from '../../lib/random.js'
import type { Arena } from '../../memory/arena.js'
import type { Dict, HashKey } from '../../memory/dict.js'
import { Element } from '../../memory/element.js'
import { type Entries, Type } from '../entry.js'
import { FormedKind } from '../formed-kind.js'
import type { Place, ValueKind } from '../kind.js'
import { RdbType } from '../serial/encoding.js'
import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import type { ValueDigest } from '../value-digest.js'
import { NO_TIME } from './field-entry.js'
import type { FieldVisitor, HashForm, HashLimits, Lifetimes, ScanStep } from './form.js'
import { ListpackForm } from './listpack-form.js'
import { HASH_RDB_TYPES, readFields } from './reading.js'
import { TableForm } from './table-form.js'
import { writeTable, writeTableHead } from './writing.js'

/** Encodings: places in `forms`. */
const LISTPACK = 0
const TABLE = 1
/** A table within the limits of a listpack, which has or had fields with times to live. */
const SMALL_TABLE = 2

/** What stands for the time of a field in its digest. */
const EXPIRES = Buffer.from('!!hexpire!!')

export class Hashes extends FormedKind<HashForm> implements ValueKind {
  readonly name = 'hash'
  readonly rdbTypes = HASH_RDB_TYPES
  readonly limits: HashLimits = { maxListpackEntries: 512, maxListpackValue: 64 }
  private readonly listpack: ListpackForm
  private readonly table: TableForm
  protected readonly forms: readonly HashForm[]
  private readonly sought = new Element()
  private readonly value = new Element()

  constructor(
    arena: Arena,
    entries: Entries,
    hashKey: HashKey,
    chance: Random,
    private readonly lifetimes: Lifetimes,
  ) {
    super(Type.hash, entries)
    this.listpack = new ListpackForm(arena, chance, this.limits)
    this.table = new TableForm(arena, chance, hashKey, lifetimes)
    this.forms = [this.listpack, this.table, this.table]
  }

  // Asking --------------------------------------------------------------------------------------------------

  /** Fields that live. */
  size(ref: number): number {
    const root = this.entries.payload(ref)
    if (root === 0) return 0
    return this.isTable(ref) ? this.table.living(root) : this.listpack.size(root)
  }

  has(ref: number, field: Span): boolean {
    const root = this.entries.payload(ref)
    return root !== 0 && this.form(ref).seek(root, this.sought.set(field))
  }

  /** The value of a field, good until the next question or change; null when there is no such field. */
  get(ref: number, field: Span): Element | null {
    if (!this.has(ref, field)) return null
    return this.form(ref).value(this.entries.payload(ref), this.value)
  }

  /** Visits every living field until `visit` says false. No hash must be asked or changed meanwhile. */
  walk(ref: number, visit: FieldVisitor): void {
    this.form(ref).walk(this.entries.payload(ref), visit)
  }

  /** Visits some field, each equally likely. */
  draw(ref: number, visit: FieldVisitor): void {
    this.form(ref).draw(this.entries.payload(ref), visit)
  }

  /** Visits `count` different fields (all, if there are no more), each selection equally likely. */
  choose(ref: number, count: number, visit: FieldVisitor): void {
    if (count >= this.size(ref)) this.walk(ref, visit)
    else this.form(ref).choose(this.entries.payload(ref), count, visit)
  }

  scan(ref: number, cursor: number, count: number): ScanStep {
    return this.form(ref).scan(this.entries.payload(ref), cursor, count)
  }

  /** The hash table of a hash that has one. */
  dict(ref: number): Dict | null {
    return this.isTable(ref) ? this.table.table(this.entries.payload(ref)) : null
  }

  // Changing ------------------------------------------------------------------------------------------------

  /**
   * Gives a field a value; true when the field is new. `keepsTime`: a time to live stays, else it is gone. No bytes
   * may be this hash's own.
   */
  set(ref: number, field: Span, value: Span, keepsTime = false): boolean {
    let root = this.entries.payload(ref)
    if (root !== 0 && this.isTable(ref)) return this.setInTable(ref, root, field, value, keepsTime)
    const name = this.sought.set(field)
    const content = this.value.set(value)
    if (root === 0) root = this.become(ref, LISTPACK, this.listpack.create())
    let form = this.form(ref)
    if (!form.holds(name, content)) {
      root = this.outgrow(ref, TABLE)
      form = this.table
    }
    if (form.seek(root, name)) {
      this.follow(ref, root, form.replace(root, content, keepsTime))
      return false
    }
    if (form.isFull(root)) {
      root = this.outgrow(ref, TABLE)
      form = this.table
      form.seek(root, name)
    }
    this.follow(ref, root, form.insert(root, name, content))
    return true
  }

  /** False when there was no such field. A hash left without fields is its owner's to delete. */
  remove(ref: number, field: Span): boolean {
    if (!this.has(ref, field)) return false
    const root = this.entries.payload(ref)
    this.follow(ref, root, this.form(ref).remove(root))
    return true
  }

  /** Prepares an empty hash for so many fields, that none of their insertions has to make it grow. */
  reserve(ref: number, size: number): void {
    if (size <= this.limits.maxListpackEntries) return
    this.become(ref, TABLE, this.table.create())
    this.table.reserve(this.entries.payload(ref), size)
  }

  // Times to live -------------------------------------------------------------------------------------------

  /** When a living field dies: unix ms, NO_TIME when it does not; null when there is no such field. */
  time(ref: number, field: Span): number | null {
    if (!this.has(ref, field)) return null
    return this.isTable(ref) ? this.table.time() : NO_TIME
  }

  /** Gives a field that is there a time to live, in unix ms, or takes it away (NO_TIME). */
  setTime(ref: number, field: Span, time: number): void {
    if (!this.isTable(ref)) {
      if (time === NO_TIME) return
      this.outgrow(ref, SMALL_TABLE)
    }
    if (this.has(ref, field)) this.table.setTime(time)
  }

  /** Whether some field has a time to live. */
  isTimed(ref: number): boolean {
    return this.isTable(ref) && this.table.isTimed(this.entries.payload(ref))
  }

  /** Unix ms before which no field dies. */
  earliest(ref: number): number {
    return this.isTable(ref) ? this.table.earliest(this.entries.payload(ref)) : Infinity
  }

  /** Removes dead fields in the next `buckets` of its table, each told before. Answers how many. */
  sweep(ref: number, buckets: number, tell: (field: Span) => void): number {
    return this.table.sweep(this.entries.payload(ref), buckets, tell)
  }

  /** True when no field is left, dead or alive. */
  isEmpty(ref: number): boolean {
    const root = this.entries.payload(ref)
    return root === 0 || this.form(ref).size(root) === 0
  }

  // As a kind -----------------------------------------------------------------------------------------------

  rdbType(ref: number): number {
    if (!this.isTable(ref)) return RdbType.hashListpack
    return this.isTimed(ref) ? RdbType.hashMetadata : RdbType.hash
  }

  serialize(ref: number, writer: ValueWriter): void {
    const root = this.entries.payload(ref)
    if (this.isTable(ref)) writeTable(this.table, root, writer)
    else writer.string(this.listpack.packed(root))
  }

  override pieces(ref: number, seat: WriterSeat): ValuePieces {
    writeTableHead(this.table, this.entries.payload(ref), seat.writer)
    return super.pieces(ref, seat)
  }

  deserialize(rdbType: number, reader: ValueReader, place: Place): number {
    return this.filled(place, ref =>
      readFields(rdbType, reader, {
        reserve: size => {
          this.reserve(ref, size)
        },
        adopt: packed => this.adopt(ref, packed),
        add: (field, value, time) => this.load(ref, field, value, time),
      }),
    )
  }

  digest(ref: number, digest: ValueDigest): void {
    const { now, expiryMode } = this.lifetimes
    const add = (field: Span, value: Span, time: number): undefined => {
      if (time === NO_TIME) digest.unorderedParts([field.bytes(), value.bytes()])
      else if (time > now || expiryMode === 'ignore')
        digest.unorderedParts([field.bytes(), value.bytes()], EXPIRES)
    }
    if (this.isTable(ref)) this.table.walkAll(this.entries.payload(ref), add)
    else this.walk(ref, (field, value) => add(field.span(), value.span(), NO_TIME))
  }

  override encodingName(ref: number): string {
    return this.entries.encoding(ref) === SMALL_TABLE ? 'listpackex' : super.encodingName(ref)
  }

  field(ref: number, name: Span, into: Span): Span | null {
    const value = this.get(ref, name)?.span()
    return value === undefined ? null : into.set(value.mem, value.start, value.length)
  }

  // Inside --------------------------------------------------------------------------------------------------

  private isTable(ref: number): boolean {
    return this.entries.encoding(ref) !== LISTPACK
  }

  /** A table takes anything, never moves, and does not ask whether a text spells a number. */
  private setInTable(ref: number, root: number, field: Span, value: Span, keepsTime: boolean): boolean {
    const { table } = this
    const name = this.sought.setText(field.mem, field.start, field.length)
    const content = this.value.setText(value.mem, value.start, value.length)
    const isNew = !table.seek(root, name)
    if (isNew) table.insert(root, name, content)
    else table.replace(root, content, keepsTime)
    if (this.entries.encoding(ref) === SMALL_TABLE)
      this.judge(ref, root, Math.max(field.length, value.length))
    return isNew
  }

  /** A small table that took in something so long may be small no more. */
  private judge(ref: number, root: number, longest: number): void {
    const { maxListpackEntries, maxListpackValue } = this.limits
    if (longest > maxListpackValue || this.table.size(root) > maxListpackEntries)
      this.become(ref, TABLE, root)
  }

  /** A listpack becomes a table; answers its root. */
  private outgrow(ref: number, encoding: typeof TABLE | typeof SMALL_TABLE): number {
    const packed = this.entries.payload(ref)
    const root = this.table.create()
    this.listpack.walk(packed, (field, value) => {
      this.table.append(root, field.span(), value.span(), NO_TIME)
      return undefined
    })
    this.listpack.free(packed)
    return this.become(ref, encoding, root)
  }

  /** Takes a valid listpack of fields and values as it is, if it is small enough. */
  private adopt(ref: number, packed: Span): boolean {
    const root = this.listpack.adopt(packed)
    this.become(ref, LISTPACK, root)
    if (this.isWithinLimits(root)) return true
    this.listpack.free(root)
    this.entries.setPayload(ref, 0)
    return false
  }

  private isWithinLimits(root: number): boolean {
    if (this.listpack.size(root) > this.limits.maxListpackEntries) return false
    let fits = true
    this.listpack.walk(root, (field, value) => {
      fits = this.listpack.holds(field, value)
      return fits
    })
    return fits
  }

  /** False when the field came before; a dead one is a field here. */
  private load(ref: number, field: Span, value: Span, time: number): boolean {
    const root = this.entries.payload(ref)
    if (root !== 0 && this.isTable(ref)) return this.loadIntoTable(ref, root, field, value, time)
    if (root !== 0 && this.has(ref, field)) return false
    this.set(ref, field, value)
    if (time !== NO_TIME) this.setTime(ref, field, time)
    return true
  }

  private loadIntoTable(ref: number, root: number, field: Span, value: Span, time: number): boolean {
    if (!this.table.load(root, field, value, time)) return false
    if (this.entries.encoding(ref) === SMALL_TABLE)
      this.judge(ref, root, Math.max(field.length, value.length))
    return true
  }
}
