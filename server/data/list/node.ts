/**
 * The nodes of lists: made, grown, compressed and freed. What one looks like stands in node-layout.ts.
 *
 * Blocks are asked for in whole size classes, so that nothing is lost to rounding, and grow by a quarter while they
 * are small: a list of a few elements pays for few bytes, a long one for few moves. Whoever makes a node grow gets its
 * reference anew and tells its neighbours.
 */

import { Mem, Span, copyBytes } from '../../lib/bytes.js'
import { LzfCompressor, lzfDecompress } from '../../lib/lzf.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, blockBytes, offsetOf } from '../../memory/arena.js'
import { EMPTY_LISTPACK_BYTES, initListpack, listpackBytes } from '../../memory/listpack.js'
import type { ListLimits } from './limits.js'
import {
  BYTES,
  COMPRESSED,
  COUNT,
  FORM_MASK,
  GAP_MAX,
  GAP_SHIFT,
  NEXT,
  NODE_HEADER,
  PACKED,
  PLAIN,
  PREVIOUS,
  SHAPE,
  SHRINKING_FACTOR,
  SHRINKING_MIN,
  SIZE,
} from './node-layout.js'

/** From this size on a block doubles. */
const DOUBLING_MIN = 1024
/** A smaller listpack is not worth compressing. */
const COMPRESSED_MIN = 48
/** Compression must save at least this. */
const SAVING_MIN = 8

export class Nodes {
  private compressor: LzfCompressor | null = null
  private scratch = new Mem(new ArrayBuffer(0))
  private readonly content = new Span(this.scratch, 0, 0)
  /** Told of each node before its elements change or it is freed: see pieces.ts. */
  readonly watchers: ((node: number) => void)[] = []

  constructor(
    readonly arena: Arena,
    private readonly limits: ListLimits,
  ) {}

  mem(node: number): Mem {
    return this.arena.mems[node >>> SEGMENT_SHIFT]
  }

  previous(node: number): number {
    return this.word(node, PREVIOUS)
  }

  next(node: number): number {
    return this.word(node, NEXT)
  }

  setPrevious(node: number, previous: number): void {
    this.setWord(node, PREVIOUS, previous)
  }

  setNext(node: number, next: number): void {
    this.setWord(node, NEXT, next)
  }

  bytes(node: number): number {
    return this.word(node, BYTES) >>> 0
  }

  count(node: number): number {
    return this.word(node, COUNT)
  }

  setCount(node: number, count: number): void {
    this.setWord(node, COUNT, count)
  }

  form(node: number): number {
    return this.word(node, SHAPE) & FORM_MASK
  }

  /** Where the content begins in the node's memory. */
  start(node: number): number {
    return offsetOf(node) + NODE_HEADER + (this.word(node, SHAPE) >>> GAP_SHIFT)
  }

  /** Says that the listpack of a packed node begins there now. */
  setStart(node: number, start: number): void {
    this.setWord(node, SHAPE, PACKED | ((start - offsetOf(node) - NODE_HEADER) << GAP_SHIFT))
  }

  /** The bytes of a packed node's listpack. */
  used(node: number): number {
    return listpackBytes(this.mem(node), this.start(node))
  }

  /** The bytes of a plain node's element. */
  plain(node: number, into: Span): Span {
    return into.set(this.mem(node), offsetOf(node) + NODE_HEADER, this.word(node, SIZE) >>> 0)
  }

  /** The listpack of a node that is not plain; a compressed one is good until the next is looked at. */
  listpack(node: number): Span {
    if (this.form(node) === PACKED) {
      const mem = this.mem(node)
      const start = this.start(node)
      return this.content.set(mem, start, listpackBytes(mem, start))
    }
    const size = this.word(node, SIZE) >>> 0
    if (size > this.scratch.length) this.scratch = new Mem(new ArrayBuffer((size * 2 + 7) & ~7))
    this.inflate(node, this.scratch, 0, size)
    return this.content.set(this.scratch, 0, size)
  }

  // Making and freeing --------------------------------------------------------------------------------------

  /** An empty packed node for a listpack of `bytes` bytes. `atFront`: what room is left lies before it. */
  makePacked(bytes: number, atFront = false): number {
    const node = this.make(NODE_HEADER + bytes, 0, PACKED, 0)
    const start = offsetOf(node) + this.bytes(node) - EMPTY_LISTPACK_BYTES
    if (atFront) this.setStart(node, start)
    initListpack(this.mem(node), this.start(node))
    return node
  }

  /** A packed node with this listpack. */
  makeFrom(listpack: Span, count: number): number {
    const node = this.make(NODE_HEADER + listpack.length, count, PACKED, 0)
    listpack.copyTo(this.mem(node), this.start(node))
    return node
  }

  makePlain(text: Span): number {
    const node = this.make(NODE_HEADER + text.length, 1, PLAIN, text.length)
    text.copyTo(this.mem(node), this.start(node))
    return node
  }

  /** A copy of a node, without links. */
  copy(node: number): number {
    if (this.form(node) === PACKED) return this.makeFrom(this.listpack(node), this.count(node))
    const copy = this.make(this.bytes(node), this.count(node), this.form(node), this.word(node, SIZE))
    const content = offsetOf(node) + NODE_HEADER
    copyBytes(this.mem(copy), this.start(copy), this.mem(node), content, this.bytes(node) - NODE_HEADER)
    return copy
  }

  /** The elements of a node are about to change. */
  beforeChange(node: number): void {
    for (const watcher of this.watchers) watcher(node)
  }

  free(node: number): void {
    this.beforeChange(node)
    this.arena.free(node, this.bytes(node))
  }

  // Room in packed nodes ------------------------------------------------------------------------------------

  /** Makes room for so many bytes before or behind the listpack. Answers the node, which may have moved. */
  reserve(node: number, bytes: number, atFront: boolean): number {
    const gap = this.word(node, SHAPE) >>> GAP_SHIFT
    const size = this.bytes(node)
    const used = this.used(node)
    const behind = size - NODE_HEADER - gap - used
    if ((atFront ? gap : behind) >= bytes) return node
    if (gap + behind < bytes)
      return this.resize(node, Math.max(NODE_HEADER + used + bytes, this.grown(size)), atFront)
    this.slide(node, atFront ? gap + behind : 0)
    return node
  }

  /** A packed node from which much was taken gives back what it will not need soon. */
  shrink(node: number): number {
    const size = this.bytes(node)
    const needed = NODE_HEADER + this.used(node)
    return size >= SHRINKING_MIN && needed * SHRINKING_FACTOR < size
      ? this.resize(node, needed * 2, false)
      : node
  }

  /** Moves the listpack within its block. */
  private slide(node: number, gap: number): void {
    const mem = this.mem(node)
    const to = offsetOf(node) + NODE_HEADER + Math.min(gap, GAP_MAX)
    copyBytes(mem, to, mem, this.start(node), this.used(node))
    this.setStart(node, to)
  }

  private grown(bytes: number): number {
    const wanted = bytes < DOUBLING_MIN ? bytes + (bytes >>> 2) : bytes * 2
    return Math.min(wanted, this.limits.maxBytes)
  }

  /** The node in a block of another size; what room there is lies before its listpack, or behind. */
  private resize(node: number, bytes: number, atFront: boolean): number {
    const listpack = this.listpack(node)
    const made = this.make(bytes, this.count(node), PACKED, 0)
    const gap = atFront ? Math.min(this.bytes(made) - NODE_HEADER - listpack.length, GAP_MAX) : 0
    this.setStart(made, this.start(made) + gap)
    listpack.copyTo(this.mem(made), this.start(made))
    this.takePlace(node, made)
    return made
  }

  // Compression ---------------------------------------------------------------------------------------------

  /** Compresses a packed node, if that pays. Answers the node, which may have moved. */
  compress(node: number): number {
    if (this.form(node) !== PACKED || this.used(node) < COMPRESSED_MIN) return node
    this.compressor ??= new LzfCompressor()
    const listpack = this.listpack(node)
    const { length } = listpack
    const room = length - SAVING_MIN
    if (room > this.scratch.length) this.scratch = new Mem(new ArrayBuffer((length * 2 + 7) & ~7))
    const packed = this.compressor.compress(listpack, this.scratch, 0, room)
    if (packed === 0) return node
    const made = this.arena.alloc(NODE_HEADER + packed)
    this.init(made, NODE_HEADER + packed, this.count(node), COMPRESSED, length)
    copyBytes(this.mem(made), this.start(made), this.scratch, 0, packed)
    this.takePlace(node, made)
    return made
  }

  /** A node that can be changed in the place of a compressed one. Answers the node, which may have moved. */
  decompress(node: number): number {
    if (this.form(node) !== COMPRESSED) return node
    const size = this.word(node, SIZE) >>> 0
    const made = this.make(NODE_HEADER + size, this.count(node), PACKED, 0)
    this.inflate(node, this.mem(made), this.start(made), size)
    this.takePlace(node, made)
    return made
  }

  private inflate(node: number, to: Mem, at: number, size: number): void {
    const packed = new Span(this.mem(node), offsetOf(node) + NODE_HEADER, this.bytes(node) - NODE_HEADER)
    if (!lzfDecompress(packed, to, at, size)) throw new Error('a compressed node of a list is damaged')
  }

  // Inside --------------------------------------------------------------------------------------------------

  private make(bytes: number, count: number, form: number, size: number): number {
    const whole = form === PACKED ? blockBytes(bytes) : bytes
    const node = this.arena.alloc(whole)
    this.init(node, whole, count, form, size)
    return node
  }

  private init(node: number, bytes: number, count: number, form: number, size: number): void {
    const { i32 } = this.mem(node)
    const word = (node & UNIT_MASK) << 2
    i32[word + PREVIOUS] = 0
    i32[word + NEXT] = 0
    i32[word + BYTES] = bytes
    i32[word + COUNT] = count
    i32[word + SHAPE] = form
    i32[word + SIZE] = size
  }

  /** `made` has the links of `node`, which is freed. */
  private takePlace(node: number, made: number): void {
    this.setPrevious(made, this.previous(node))
    this.setNext(made, this.next(node))
    this.free(node)
  }

  private word(node: number, index: number): number {
    return this.arena.mems[node >>> SEGMENT_SHIFT].i32[((node & UNIT_MASK) << 2) + index]
  }

  private setWord(node: number, index: number, value: number): void {
    this.arena.mems[node >>> SEGMENT_SHIFT].i32[((node & UNIT_MASK) << 2) + index] = value
  }
}
