/**
 * A set of any size: a hash table whose entries are the members and nothing else. The owner's part of the table's root
 * is a double: the bytes of all members' blocks.
 */

import { Mem, Span, copyBytes } from '../../lib/bytes.js'
import type { Random } from '../../lib/random.js'
import { type Arena, blockBytes, offsetOf } from '../../memory/arena.js'
import { Dict, DICT_OWNER_AT, DICT_ROOT_BYTES, type HashKey } from '../../memory/dict.js'
import { scanAbout } from '../../memory/dict-scan.js'
import { Element } from '../../memory/element.js'
import { keyRoom, writeKey } from '../../memory/key.js'
import { drawDifferent, isDrawingCheaper, select } from '../selection.js'
import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import { RegionSaves } from '../serial/region-save.js'
import type { MemberVisitor, ScanStep, SetForm } from './form.js'

/** Blocks that are no members. */
const TABLE_BLOCKS = 2

export class TableForm implements SetForm {
  readonly name = 'hashtable'
  private readonly dict: Dict
  /** Further views, one for each walk under way within another, so that sets can be asked and changed meanwhile. */
  private readonly walkers: Walker[] = []
  private depth = 0
  /** The set that `dict` is open on. */
  private opened = 0
  private hash = 0
  private found = 0
  private readonly key = new Span(NOWHERE, 0, 0)
  private readonly drawn = new Element()
  /** The sets that are half written. */
  private readonly saves = new RegionSaves()

  constructor(
    private readonly arena: Arena,
    private readonly chance: Random,
    private readonly hashKey: HashKey,
  ) {
    this.dict = new Dict(arena, hashKey, 0)
  }

  create(): number {
    this.opened = this.dict.create()
    this.arena.mem(this.opened).dv.setFloat64(offsetOf(this.opened) + DICT_OWNER_AT, 0, true)
    return this.opened
  }

  /** Makes room for so many members at once. */
  reserve(root: number, size: number): void {
    this.open(root).reserve(size)
    this.dict.close()
  }

  size(root: number): number {
    return this.open(root).count
  }

  takes(): boolean {
    return true
  }

  seek(root: number, member: Element): boolean {
    const dict = this.open(root)
    const key = member.span()
    this.hash = dict.knownHash(key)
    this.found = dict.find(key, this.hash)
    return this.found !== 0
  }

  insert(root: number, member: Element): number {
    this.saves.before(root, this.hash)
    const key = member.span()
    const bytes = keyRoom(key.length)
    const ref = this.arena.alloc(bytes)
    this.count(root, blockBytes(bytes))
    writeKey(this.arena.mem(ref), offsetOf(ref), key)
    this.dict.insert(this.hash, ref)
    this.dict.close()
    return root
  }

  remove(root: number): number {
    this.saves.before(root, this.hash)
    this.dict.remove(this.hash, this.found)
    this.dict.close()
    this.count(root, -blockBytes(this.memberBytes(this.found)))
    this.freeMember(this.found)
    return root
  }

  removeDrawn(root: number): number {
    this.hash = this.open(root).hashOf(this.found)
    return this.remove(root)
  }

  random(root: number, into: Element): Element {
    const dict = this.open(root)
    // As every change does: who only draws should not wait for ever for a table to settle.
    if (dict.rehash(1)) dict.close()
    this.found = dict.random(this.chance)
    const { mem, start, length } = dict.key(this.found, this.key)
    return into.setText(mem, start, length)
  }

  walk(root: number, visit: MemberVisitor): void {
    const walker = (this.walkers[this.depth++] ??= new Walker(this.arena, this.hashKey))
    walker.walk(root, visit)
    this.depth--
  }

  /** Few of many are drawn until they are enough different ones; otherwise one walk decides on each. */
  choose(root: number, count: number, visit: MemberVisitor): void {
    const dict = this.open(root)
    if (!isDrawingCheaper(count, dict.count)) {
      const walk = (tell: MemberVisitor): void => {
        this.walk(root, tell)
      }
      select(dict.count, count, this.chance, walk, visit)
      return
    }
    for (const ref of drawDifferent(dict, count, this.chance)) {
      if (visit(this.aim(ref, this.drawn)) === false) return
    }
  }

  scan(root: number, cursor: number, count: number): ScanStep {
    const refs: number[] = []
    const next = scanAbout(this.open(root), cursor, count, ref => {
      refs.push(ref)
    })
    return {
      next,
      forEach: tell => {
        for (const ref of refs) if (tell(this.aim(ref, this.drawn)) === false) return
      },
    }
  }

  /** Blocks are copied as they are; that no member comes twice need not be asked. */
  copy(root: number): number {
    const source = this.open(root)
    const bytes = this.counted(root)
    const made = new Dict(this.arena, this.hashKey, 0)
    const copied = made.create()
    made.reserve(source.count)
    const add = (ref: number): void => {
      made.insert(source.hashOf(ref), this.copyMember(ref))
    }
    for (let index = 0; index < source.buckets; index++) source.visitBucket(index, add)
    made.close()
    this.arena.mem(copied).dv.setFloat64(offsetOf(copied) + DICT_OWNER_AT, bytes, true)
    return copied
  }

  free(root: number): void {
    this.freeSlice(root, Infinity)
  }

  freeSlice(root: number, budget: number): boolean {
    const dict = this.open(root)
    const done = dict.drain(budget, ref => {
      this.freeMember(ref)
    })
    dict.close()
    if (!done) return false
    this.opened = 0
    this.arena.free(root, DICT_ROOT_BYTES)
    return true
  }

  effort(root: number): number {
    return this.size(root) + TABLE_BLOCKS
  }

  bytes(root: number): number {
    return blockBytes(DICT_ROOT_BYTES) + this.open(root).tableBytes + this.counted(root)
  }

  *blocks(root: number): Generator<readonly [ref: number, bytes: number]> {
    const dict = this.open(root)
    const blocks: (readonly [ref: number, bytes: number])[] = [[root, DICT_ROOT_BYTES], ...dict.blocks()]
    dict.forEach(ref => blocks.push([ref, this.memberBytes(ref)]))
    yield* blocks
  }

  pieces(root: number, seat: WriterSeat, isOf: (ref: number) => boolean): ValuePieces {
    const member = new Span(NOWHERE, 0, 0)
    const writeRegion = (region: number, regions: number): void => {
      const dict = this.open(root)
      dict.visitRegion(region, regions, ref => seat.writer.string(dict.key(ref, member)))
    }
    return this.saves.begin(root, this.size(root), writeRegion, isOf)
  }

  /** The table of a set, for who looks into it (DEBUG HTSTATS-KEY). */
  table(root: number): Dict {
    return this.open(root)
  }

  /** Walkers only read: the dict that is open is as it was left. */
  private open(root: number): Dict {
    if (root === this.opened) return this.dict
    this.opened = root
    return this.dict.open(root)
  }

  /** The bytes of all members' blocks. */
  private counted(root: number): number {
    return this.arena.mem(root).dv.getFloat64(offsetOf(root) + DICT_OWNER_AT, true)
  }

  private count(root: number, bytes: number): void {
    this.arena.mem(root).dv.setFloat64(offsetOf(root) + DICT_OWNER_AT, this.counted(root) + bytes, true)
  }

  private aim(ref: number, into: Element): Element {
    return into.set(this.dict.key(ref, this.key))
  }

  private memberBytes(ref: number): number {
    return keyRoom(this.dict.key(ref, this.key).length)
  }

  private copyMember(ref: number): number {
    const bytes = this.memberBytes(ref)
    const made = this.arena.alloc(bytes)
    copyBytes(this.arena.mem(made), offsetOf(made), this.arena.mem(ref), offsetOf(ref), bytes)
    return made
  }

  private freeMember(ref: number): void {
    this.arena.free(ref, this.memberBytes(ref))
  }
}

/** Goes through a set, bucket by bucket. */
class Walker {
  private readonly dict: Dict
  private readonly member = new Element()
  private readonly key = new Span(NOWHERE, 0, 0)
  private readonly bucket: number[] = []
  private readonly collect = (ref: number): void => {
    this.bucket.push(ref)
  }

  constructor(arena: Arena, hashKey: HashKey) {
    this.dict = new Dict(arena, hashKey, 0)
  }

  walk(root: number, visit: MemberVisitor): void {
    const dict = this.dict.open(root)
    for (let index = 0; index < dict.buckets; index++) {
      this.bucket.length = 0
      dict.visitBucket(index, this.collect)
      for (const ref of this.bucket) if (visit(this.member.set(dict.key(ref, this.key))) === false) return
    }
  }
}

const NOWHERE = new Mem(new ArrayBuffer(0))
