/**
 * A hash of any size, and every hash with a field that has a time to live.
 *
 *      root    the head (table-head.ts), which names the dict
 *      entry   field, time, value (field-entry.ts)
 *
 * A field whose time has come is dead at once: it is not found, not walked, not counted among the living. Its entry
 * stays until the sweep meets it, or until somebody sets the field again.
 */

import { Mem, Span } from '../../lib/bytes.js'
import type { Random } from '../../lib/random.js'
import { type Arena, blockBytes, offsetOf, SEGMENT_SHIFT } from '../../memory/arena.js'
import { Dict, DICT_ROOT_BYTES, type HashKey } from '../../memory/dict.js'
import { scanAbout } from '../../memory/dict-scan.js'
import { Element } from '../../memory/element.js'
import { keyEnd } from '../../memory/key.js'
import { drawDifferent, isDrawingCheaper, select } from '../selection.js'
import {
  entryTime,
  entryValue,
  fieldEntryBytes,
  NO_TIME,
  readTime,
  readValue,
  TIME_MARK,
  valueRoom,
  writeFieldEntry,
  writeRest,
  writeTime,
} from './field-entry.js'
import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import { RegionSaves } from '../serial/region-save.js'
import type { FieldVisitor, HashForm, Lifetimes, ScanStep, TimedFieldVisitor } from './form.js'
import { HEAD_BYTES, TableHead } from './table-head.js'
import { regionWriter } from './writing.js'

/** Draws among dead fields until a walk looks for one that lives. */
const DRAWS_MAX = 100
/** Blocks that are no fields: head, root, table. */
const OTHER_BLOCKS = 3

export class TableForm implements HashForm {
  readonly name = 'hashtable'
  private readonly head: TableHead
  private readonly dict: Dict
  /** The hash that dict and head are open on. */
  private opened = 0
  private hash = 0
  /** The entry of the field sought, dead or alive; 0: there is none. */
  private found = 0
  /** The memory of the entry found, and where in it time and value begin. */
  private mem = NOWHERE
  private rest = 0
  private readonly key = new Span(NOWHERE, 0, 0)
  private readonly content = new Span(NOWHERE, 0, 0)
  private readonly field = new Element()
  private readonly walked = new Element()
  /** The hashes that are half written. */
  private readonly saves = new RegionSaves()

  constructor(
    private readonly arena: Arena,
    private readonly chance: Random,
    hashKey: HashKey,
    private readonly lifetimes: Lifetimes,
  ) {
    this.dict = new Dict(arena, hashKey, 0)
    this.head = new TableHead(arena)
  }

  create(): number {
    this.opened = this.head.create(this.dict.create())
    return this.opened
  }

  /** Makes room for so many fields at once. */
  reserve(root: number, size: number): void {
    this.open(root).reserve(size)
    this.dict.close()
  }

  size(root: number): number {
    return this.open(root).count
  }

  holds(): boolean {
    return true
  }

  isFull(): boolean {
    return false
  }

  // One field -----------------------------------------------------------------------------------------------

  seek(root: number, field: Element): boolean {
    const dict = this.open(root)
    const key = field.span()
    this.hash = dict.knownHash(key)
    const found = (this.found = dict.find(key, this.hash))
    if (found === 0) return false
    this.aim(found)
    return this.mem.u8[this.rest] !== TIME_MARK || !this.isDead(found)
  }

  value(_root: number, into: Element): Element {
    const { start, length, mem } = readValue(this.mem, this.rest, this.content)
    return into.setText(mem, start, length)
  }

  insert(root: number, field: Element, value: Element): number {
    // A dead field gives its entry to the new one.
    if (this.found !== 0) return this.replace(root, value, false)
    this.saves.before(root, this.hash)
    this.add(field.span(), value.span(), NO_TIME)
    return root
  }

  replace(root: number, value: Element, keepsTime: boolean): number {
    this.saves.before(root, this.hash)
    const text = value.span()
    const { mem, rest } = this
    if (text.length === mem.u8[rest] && text.length < TIME_MARK) {
      // As long as the old one, of a field that lives for ever: what most replacements are.
      text.copyTo(mem, rest + 1)
      return root
    }
    const time = this.time()
    if (time === NO_TIME && this.hasRoom(text.length)) writeRest(this.mem, this.rest, text, NO_TIME)
    else this.rewrite(text, keepsTime ? time : NO_TIME, time)
    return root
  }

  remove(root: number): number {
    this.saves.before(root, this.hash)
    this.dict.remove(this.hash, this.found)
    this.dict.close()
    this.discard(this.found)
    return root
  }

  /** When the field that was found dies: unix ms, or NO_TIME. */
  time(): number {
    return readTime(this.mem, this.rest)
  }

  /** Gives the field that was found a time, or takes it away. */
  setTime(time: number): void {
    this.saves.before(this.opened, this.hash)
    const before = this.time()
    if (time !== NO_TIME && before !== NO_TIME) {
      writeTime(this.mem, this.rest, time)
      this.note(time)
    } else if (time !== before) {
      this.rewrite(readValue(this.mem, this.rest, this.content), time, before)
    }
  }

  // All fields ----------------------------------------------------------------------------------------------

  walk(root: number, visit: FieldVisitor): void {
    const dict = this.open(root)
    const bucket: number[] = []
    const collect = (ref: number): void => {
      if (!this.isDead(ref)) bucket.push(ref)
    }
    for (let index = 0; index < dict.buckets; index++) {
      bucket.length = 0
      dict.visitBucket(index, collect)
      for (const ref of bucket) if (this.tell(ref, visit) === false) return
    }
  }

  draw(root: number, visit: FieldVisitor): void {
    const dict = this.open(root)
    if (dict.rehash(1)) dict.close()
    for (let draws = 0; draws < DRAWS_MAX; draws++) {
      const ref = dict.random(this.chance)
      if (this.isDead(ref)) continue
      this.tell(ref, visit)
      return
    }
    this.choose(root, 1, visit)
  }

  choose(root: number, count: number, visit: FieldVisitor): void {
    const living = this.living(root)
    const dict = this.open(root)
    if (living < dict.count || !isDrawingCheaper(count, living)) {
      const walk = (tell: FieldVisitor): void => {
        this.walk(root, tell)
      }
      select(living, count, this.chance, walk, visit)
      return
    }
    for (const ref of drawDifferent(dict, count, this.chance)) if (this.tell(ref, visit) === false) return
  }

  scan(root: number, cursor: number, count: number): ScanStep {
    const refs: number[] = []
    const next = scanAbout(this.open(root), cursor, count, ref => {
      refs.push(ref)
    })
    return {
      next,
      forEach: visit => {
        for (const ref of refs) if (!this.isDead(ref) && this.tell(ref, visit) === false) return
      },
    }
  }

  // Times ---------------------------------------------------------------------------------------------------

  /** Fields that are not dead. */
  living(root: number): number {
    const dict = this.open(root)
    if (this.head.timed === 0 || this.head.earliest > this.lifetimes.now) return dict.count
    let count = 0
    dict.forEach(ref => {
      if (!this.isDead(ref)) count++
    })
    return count
  }

  /** Whether some field has a time. */
  isTimed(root: number): boolean {
    this.open(root)
    return this.head.timed > 0
  }

  /** Unix ms before which no field dies. */
  earliest(root: number): number {
    this.open(root)
    const { timed, earliest } = this.head
    return timed === 0 ? Infinity : earliest
  }

  /** Visits every field with its time, the dead included: as they are saved. */
  walkAll(root: number, visit: TimedFieldVisitor): void {
    this.open(root).forEach(ref => this.show(ref, visit))
  }

  /** As `walkAll`, those of a region: see Dict.visitRegion. */
  walkRegion(root: number, region: number, regions: number, visit: TimedFieldVisitor): void {
    this.open(root).visitRegion(region, regions, ref => this.show(ref, visit))
  }

  /** Adds a field, which is not there, with its time. */
  append(root: number, field: Span, value: Span, time: number): void {
    this.hash = this.open(root).knownHash(field)
    this.add(field, value, time)
    if (time !== NO_TIME) this.countTimed(NO_TIME, time)
  }

  /** As `append`; false when the field is there, dead or alive. */
  load(root: number, field: Span, value: Span, time: number): boolean {
    field.hash = this.open(root).hash(field)
    if (this.dict.find(field, field.hash) !== 0) return false
    this.append(root, field, value, time)
    return true
  }

  /** Goes on with the sweep through `buckets` buckets: each dead field is told, and removed. Answers how many. */
  sweep(root: number, buckets: number, tell: (field: Span) => void): number {
    const { head, lifetimes } = this
    const dead: number[] = []
    const look = (ref: number): void => {
      const time = this.timeOf(ref)
      if (time === NO_TIME) return
      if (time <= lifetimes.now) dead.push(ref)
      else if (time < head.swept) head.swept = time
    }
    const dict = this.open(root)
    for (let left = buckets; left > 0 && head.timed > 0; left--) {
      head.cursor = dict.scan(head.cursor, look)
      if (head.cursor !== 0) continue
      head.earliest = head.swept
      head.swept = Infinity
      break
    }
    for (const ref of dead) {
      const hash = dict.hashOf(ref)
      this.saves.before(root, hash)
      tell(dict.key(ref, this.key))
      dict.remove(hash, ref)
      this.discard(ref)
    }
    dict.close()
    return dead.length
  }

  pieces(root: number, seat: WriterSeat, isOf: (ref: number) => boolean): ValuePieces {
    return this.saves.begin(root, this.size(root), regionWriter(this, root, seat), isOf)
  }

  // As blocks -----------------------------------------------------------------------------------------------

  copy(root: number): number {
    const fields = this.refs(root)
    const made = this.create()
    this.reserve(made, fields.length)
    const field = new Span(NOWHERE, 0, 0)
    for (const ref of fields)
      this.append(made, this.dict.key(ref, field), this.valueOf(ref), this.timeOf(ref))
    return made
  }

  free(root: number): void {
    this.freeSlice(root, Infinity)
  }

  freeSlice(root: number, budget: number): boolean {
    const done = this.open(root).drain(budget, ref => {
      this.arena.free(ref, this.entryBytes(ref))
    })
    if (done) {
      this.opened = 0
      this.arena.free(this.head.dict, DICT_ROOT_BYTES)
      this.arena.free(root, HEAD_BYTES)
    } else {
      this.dict.close()
    }
    return done
  }

  effort(root: number): number {
    return this.size(root) + OTHER_BLOCKS
  }

  bytes(root: number): number {
    const { tableBytes } = this.open(root)
    return blockBytes(HEAD_BYTES) + blockBytes(DICT_ROOT_BYTES) + tableBytes + this.head.bytes
  }

  *blocks(root: number): Generator<readonly [ref: number, bytes: number]> {
    const tables = [...this.open(root).blocks()]
    yield* [[root, HEAD_BYTES] as const, [this.head.dict, DICT_ROOT_BYTES] as const, ...tables]
    for (const ref of this.refs(root)) yield [ref, this.entryBytes(ref)]
  }

  /** The table of a hash, for who looks into it (DEBUG HTSTATS-KEY). */
  table(root: number): Dict {
    return this.open(root)
  }

  // Inside --------------------------------------------------------------------------------------------------

  private refs(root: number): number[] {
    const refs: number[] = []
    this.open(root).forEach(ref => refs.push(ref))
    return refs
  }

  /** Nobody else changes these dicts: the one that is open is as it was left. */
  private open(root: number): Dict {
    if (root === this.opened) return this.dict
    this.opened = root
    return this.dict.open(this.head.open(root).dict)
  }

  /** Adds an entry of the hash that stands in `this.hash`; its time is not counted yet. */
  private add(field: Span, value: Span, time: number): void {
    const bytes = fieldEntryBytes(field.length, value.length, time)
    const ref = this.arena.alloc(bytes)
    writeFieldEntry(this.arena.mem(ref), offsetOf(ref), field, value, time)
    this.head.bytes += blockBytes(bytes)
    this.dict.insert(this.hash, ref)
    this.dict.close()
  }

  /** Whether a value of this length fits where that of the entry found stands, which has no time. */
  private hasRoom(length: number): boolean {
    const head = this.rest - offsetOf(this.found)
    const before = readValue(this.mem, this.rest, this.content).length
    return this.arena.sameClass(head + valueRoom(before), head + valueRoom(length))
  }

  /** Puts another entry with this value and time in the place of the one found. The value may be the entry's own. */
  private rewrite(value: Span, time: number, timeBefore: number): void {
    const { arena, found } = this
    const field = this.dict.key(found, this.key)
    const before = this.entryBytes(found)
    const after = fieldEntryBytes(field.length, value.length, time)
    const made = arena.alloc(after)
    writeFieldEntry(arena.mem(made), offsetOf(made), field, value, time)
    this.head.bytes += blockBytes(after) - blockBytes(before)
    this.dict.replace(this.hash, found, made)
    arena.free(found, before)
    this.found = made
    this.aim(made)
    if (time !== timeBefore) this.countTimed(timeBefore, time)
  }

  private countTimed(before: number, after: number): void {
    if (before !== NO_TIME) this.head.timed--
    if (after === NO_TIME) return
    this.head.timed++
    this.note(after)
  }

  /** Some field dies at `time`. */
  private note(time: number): void {
    const { head } = this
    if (time < head.earliest) head.earliest = time
    if (time < head.swept) head.swept = time
  }

  /** Frees an entry that is in no table any more. */
  private discard(ref: number): void {
    const bytes = this.entryBytes(ref)
    this.head.bytes -= blockBytes(bytes)
    if (this.timeOf(ref) !== NO_TIME) this.head.timed--
    this.arena.free(ref, bytes)
  }

  private tell(ref: number, visit: FieldVisitor): boolean | undefined {
    this.field.setText(this.arena.mem(ref), this.dict.key(ref, this.key).start, this.key.length)
    const { mem, start, length } = this.valueOf(ref)
    return visit(this.field, this.walked.setText(mem, start, length))
  }

  private show(ref: number, visit: TimedFieldVisitor): void {
    visit(this.dict.key(ref, this.key), this.valueOf(ref), this.timeOf(ref))
  }

  private isDead(ref: number): boolean {
    const time = this.timeOf(ref)
    return time !== NO_TIME && time <= this.lifetimes.now && this.lifetimes.expiryMode !== 'ignore'
  }

  private aim(found: number): void {
    this.mem = this.arena.mems[found >>> SEGMENT_SHIFT]
    this.rest = keyEnd(this.mem, offsetOf(found))
  }

  private timeOf(ref: number): number {
    return entryTime(this.arena.mem(ref), offsetOf(ref))
  }

  private valueOf(ref: number): Span {
    return entryValue(this.arena.mem(ref), offsetOf(ref), this.content)
  }

  private entryBytes(ref: number): number {
    return fieldEntryBytes(this.dict.key(ref, this.key).length, this.valueOf(ref).length, this.timeOf(ref))
  }
}

const NOWHERE = new Mem(new ArrayBuffer(0))
