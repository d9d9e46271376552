/**
 * BITOP: one string out of several, bit by bit, the shorter ones continued with zeros.
 *
 * The result is built source by source: each pass folds one source into what stands in the destination, a
 * word at a time. X below is the first source, Y the others.
 *
 *     AND OR XOR  of all                       DIFF    X and no Y
 *     NOT         of the only one              DIFF1   some Y and not X
 *     ONE         set in exactly one source    ANDOR   X and some Y
 *
 * ONE alone cannot be folded with one accumulator, since a bit seen twice must be remembered as such; it
 * goes across all sources for each word instead.
 */
import { copyBytes, type Mem, type Span } from '../lib/bytes.js'

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
  const [x, ...ys] = sources
  switch (op) {
    case 'and':
      return foldAll(AND, sources, to, at, length)
    case 'or':
      return foldAll(OR, sources, to, at, length)
    case 'xor':
      return foldAll(XOR, sources, to, at, length)
    case 'not':
      return fold(COMPLEMENT, x, to, at, length)
    case 'one':
      return exactlyOne(sources, to, at, length)
    case 'diff':
      foldAll(OR, ys, to, at, length)
      return fold(MISSING, x, to, at, length)
    case 'diff1':
      foldAll(OR, ys, to, at, length)
      return fold(WITHOUT, x, to, at, length)
    case 'andor':
      foldAll(OR, ys, to, at, length)
      return fold(AND, x, to, at, length)
  }
}

function foldAll(how: Fold, sources: readonly Span[], to: Mem, at: number, length: number): void {
  const [first] = sources
  copyBytes(to, at, first.mem, first.start, first.length)
  to.u8.fill(0, at + first.length, at + length)
  for (let i = 1; i < sources.length; i++) fold(how, sources[i], to, at, length)
}

/** Folds a source into the destination, all of whose `length` bytes are a prefix's and zeros. */
function fold(how: Fold, { mem, start, length: bytes }: Span, to: Mem, at: number, length: number): void {
  const aligned = ((at | start) & 3) === 0
  const inWords = aligned ? bytes & ~(STEP_BYTES - 1) : 0
  if (inWords > 0) how.words(to.i32, at >>> 2, mem.i32, start >>> 2, inWords >>> 2)
  for (let i = inWords; i < bytes; i++) to.u8[at + i] = how.bits(to.u8[at + i], mem.u8[start + i])
  if (how.clears) to.u8.fill(0, at + bytes, at + length)
}

function exactlyOne(sources: readonly Span[], to: Mem, at: number, length: number): void {
  for (let i = 0; i < length; i += 4) {
    let once = 0
    let more = 0
    for (const source of sources) {
      const word = wordAt(source, i)
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
  words(to: Int32Array, at: number, from: Int32Array, start: number, count: number): void
}

/*
 * The folds. One loop per operation, since these run over hundreds of megabytes: a single loop that is told how takes
 * 2.5 ns a word, these take 0.7. Strings too short to lie on a word are done byte by byte.
 */

const STEP_BYTES = 16

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
      to[at] &= ~from[start]
      to[at + 1] &= ~from[start + 1]
      to[at + 2] &= ~from[start + 2]
      to[at + 3] &= ~from[start + 3]
    }
  },
}

/** The source's bits that the destination lacks. */
const MISSING: Fold = {
  clears: true,
  bits: (to, from) => ~to & from,
  words(to, at, from, start, count) {
    for (const end = at + count; at < end; at += 4, start += 4) {
      to[at] = ~to[at] & from[start]
      to[at + 1] = ~to[at + 1] & from[start + 1]
      to[at + 2] = ~to[at + 2] & from[start + 2]
      to[at + 3] = ~to[at + 3] & from[start + 3]
    }
  },
}

/** The source's bits the other way round, whatever there was. */
const COMPLEMENT: Fold = {
  clears: false,
  bits: (_, from) => ~from,
  words(to, at, from, start, count) {
    for (const end = at + count; at < end; at += 4, start += 4) {
      to[at] = ~from[start]
      to[at + 1] = ~from[start + 1]
      to[at + 2] = ~from[start + 2]
      to[at + 3] = ~from[start + 3]
    }
  },
}
