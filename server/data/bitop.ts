/**
 * BITOP: one string out of several, bit by bit, the shorter ones continued with zeros.
 *
 * The result is built block by block, and within a block source by source: each pass folds one source into what stands
 * in the destination, eight bytes at a time. A block stays in the processor's cache until the last source is in it. X
 * below is the first source, Y the others.
 *
 *     AND OR XOR  of all                       DIFF    X and no Y
 *     NOT         of the only one              DIFF1   some Y and not X
 *     ONE         set in exactly one source    ANDOR   X and some Y
 *
 * ONE alone cannot be folded with one accumulator, since a bit seen twice must be remembered as such; it
 * goes across all sources for each word instead.
 */
import { copyBytes, type Mem, type Span, zeroBytes } from '../lib/bytes.js'

export type BitOp = 'and' | 'or' | 'xor' | 'not' | 'diff' | 'diff1' | 'andor' | 'one'

/** The length of the result: that of the longest source. */
export function bitOpLength(sources: readonly Span[]): number {
  let longest = 0
  for (const source of sources) longest = Math.max(longest, source.length)
  return longest
}

/**
 * Writes the result, `bitOpLength` bytes, to `to` at `at`. The destination must not overlap a source; NOT
 * takes one source, the operations with a Y at least two (DIFF, DIFF1, ANDOR) or one (the others).
 */
export function bitOp(op: BitOp, sources: readonly Span[], to: Mem, at: number): void {
  const length = bitOpLength(sources)
  for (let from = 0; from < length; from += BLOCK_BYTES)
    bitOpBlock(op, sources, { to, at: at + from, from, length: Math.min(BLOCK_BYTES, length - from) })
}

const BLOCK_BYTES = 16384

/** A part of the result: where it is written, and which bytes of the whole it is. */
interface Block {
  readonly to: Mem
  readonly at: number
  readonly from: number
  readonly length: number
}

function bitOpBlock(op: BitOp, sources: readonly Span[], block: Block): void {
  const [x, ...ys] = sources
  switch (op) {
    case 'and':
      return foldAll(AND, sources, block)
    case 'or':
      return foldAll(OR, sources, block)
    case 'xor':
      return foldAll(XOR, sources, block)
    case 'not':
      return fold(COMPLEMENT, x, block)
    case 'one':
      return exactlyOne(sources, block)
    case 'diff':
      foldAll(OR, ys, block)
      return fold(MISSING, x, block)
    case 'diff1':
      foldAll(OR, ys, block)
      return fold(WITHOUT, x, block)
    case 'andor':
      foldAll(OR, ys, block)
      return fold(AND, x, block)
  }
}

/** The bytes of a source that lie in a block. */
function bytesIn(source: Span, { from, length }: Block): number {
  return Math.max(0, Math.min(length, source.length - from))
}

function foldAll(how: Fold, sources: readonly Span[], block: Block): void {
  const [first] = sources
  const { to, at, from, length } = block
  const bytes = bytesIn(first, block)
  copyBytes(to, at, first.mem, first.start + from, bytes)
  zeroBytes(to, at + bytes, at + length)
  for (let i = 1; i < sources.length; i++) fold(how, sources[i], block)
}

/** Folds a source into a block, all of whose bytes are a prefix's and zeros. */
function fold(how: Fold, source: Span, block: Block): void {
  const { to, at, length } = block
  const { mem } = source
  const start = source.start + block.from
  const bytes = bytesIn(source, block)
  const aligned = ((at | start) & 7) === 0
  const inWords = aligned ? bytes & ~(STEP_BYTES - 1) : 0
  if (inWords > 0) how.words(to.u64, at >>> 3, mem.u64, start >>> 3, inWords >>> 3)
  for (let i = inWords; i < bytes; i++) to.u8[at + i] = how.bits(to.u8[at + i], mem.u8[start + i])
  if (how.clears) zeroBytes(to, at + bytes, at + length)
}

function exactlyOne(sources: readonly Span[], { to, at, from, length }: Block): void {
  for (let i = 0; i < length; i += 4) {
    let once = 0
    let more = 0
    for (const source of sources) {
      const word = wordAt(source, from + i)
      more |= once & word
      once |= word
    }
    putWord(to, at + i, once & ~more, length - i)
  }
}

/** Four bytes of the source at `index`, those beyond its end being 0. */
function wordAt(source: Span, index: number): number {
  const { mem, start, length } = source
  if (index + 4 <= length) return mem.dv.getInt32(start + index, true)
  let word = 0
  for (let i = index; i < length; i++) word |= mem.u8[start + i] << ((i - index) * 8)
  return word
}

/** Writes the first `room` bytes of a word, at most four. */
function putWord(to: Mem, at: number, word: number, room: number): void {
  if (room >= 4) return to.dv.setInt32(at, word, true)
  for (let i = 0; i < room; i++) to.u8[at + i] = word >>> (i * 8)
}

interface Fold {
  /** Folding in a zero leaves a zero, so behind the end of a source all is cleared. */
  readonly clears: boolean
  /** The bits of the destination and those of the source, folded. */
  bits(to: number, from: number): number
  /** The same for `count` words, a multiple of four. */
  words(to: BigUint64Array, at: number, from: BigUint64Array, start: number, count: number): void
}

/*
 * The folds. One loop per operation, since these run over hundreds of megabytes: a single loop that is told how takes
 * four times as long. Strings too short to lie on a word are done byte by byte.
 */

const STEP_BYTES = 32
/** What complements a word: of `~` V8 would make a BigInt. */
const ALL = 0xffffffffffffffffn

const AND: Fold = {
  clears: true,
  bits: (to, from) => to & from,
  words(to, at, from, start, count) {
    for (const end = at + count; at < end; at += 4, start += 4) {
      to[at] &= from[start]
      to[at + 1] &= from[start + 1]
      to[at + 2] &= from[start + 2]
      to[at + 3] &= from[start + 3]
    }
  },
}

const OR: Fold = {
  clears: false,
  bits: (to, from) => to | from,
  words(to, at, from, start, count) {
    for (const end = at + count; at < end; at += 4, start += 4) {
      to[at] |= from[start]
      to[at + 1] |= from[start + 1]
      to[at + 2] |= from[start + 2]
      to[at + 3] |= from[start + 3]
    }
  },
}

const XOR: Fold = {
  clears: false,
  bits: (to, from) => to ^ from,
  words(to, at, from, start, count) {
    for (const end = at + count; at < end; at += 4, start += 4) {
      to[at] ^= from[start]
      to[at + 1] ^= from[start + 1]
      to[at + 2] ^= from[start + 2]
      to[at + 3] ^= from[start + 3]
    }
  },
}

/** The destination's bits that the source lacks. */
const WITHOUT: Fold = {
  clears: false,
  bits: (to, from) => to & ~from,
  words(to, at, from, start, count) {
    for (const end = at + count; at < end; at += 4, start += 4) {
      to[at] &= from[start] ^ ALL
      to[at + 1] &= from[start + 1] ^ ALL
      to[at + 2] &= from[start + 2] ^ ALL
      to[at + 3] &= from[start + 3] ^ ALL
    }
  },
}

/** The source's bits that the destination lacks. */
const MISSING: Fold = {
  clears: true,
  bits: (to, from) => ~to & from,
  words(to, at, from, start, count) {
    for (const end = at + count; at < end; at += 4, start += 4) {
      to[at] = (to[at] ^ ALL) & from[start]
      to[at + 1] = (to[at + 1] ^ ALL) & from[start + 1]
      to[at + 2] = (to[at + 2] ^ ALL) & from[start + 2]
      to[at + 3] = (to[at + 3] ^ ALL) & from[start + 3]
    }
  },
}

/** The source's bits the other way round, whatever there was. */
const COMPLEMENT: Fold = {
  clears: false,
  bits: (_, from) => ~from,
  words(to, at, from, start, count) {
    for (const end = at + count; at < end; at += 4, start += 4) {
      to[at] = from[start] ^ ALL
      to[at + 1] = from[start + 1] ^ ALL
      to[at + 2] = from[start + 2] ^ ALL
      to[at + 3] = from[start + 3] ^ ALL
    }
  },
}
