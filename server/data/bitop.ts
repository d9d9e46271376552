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
      to.u8.fill(0xff, at, at + length)
      return fold(XOR, x, to, at, length)
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

function fold(how: Fold, source: Span, to: Mem, at: number, length: number): void {
  how.into(to, at, source.mem, source.start, source.length)
  if (how.clears) to.u8.fill(0, at + source.length, at + length)
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
  /** Folds `length` bytes into as many of the destination's. */
  into(to: Mem, at: number, from: Mem, start: number, length: number): void
}

/*
 * The folds. One loop per operation, since these run over hundreds of megabytes: a single loop with a switch inside
 * takes 2.5 ns a word, these take 1.
 */

const AND: Fold = {
  clears: true,
  into(to, at, from, start, length) {
    const [target, source, words] = [to.dv, from.dv, wholeWords(length)]
    for (let i = 0; i < words; i += 4) {
      target.setInt32(at + i, target.getInt32(at + i, true) & source.getInt32(start + i, true), true)
    }
    for (let i = words; i < length; i++) to.u8[at + i] &= from.u8[start + i]
  },
}

const OR: Fold = {
  clears: false,
  into(to, at, from, start, length) {
    const [target, source, words] = [to.dv, from.dv, wholeWords(length)]
    for (let i = 0; i < words; i += 4) {
      target.setInt32(at + i, target.getInt32(at + i, true) | source.getInt32(start + i, true), true)
    }
    for (let i = words; i < length; i++) to.u8[at + i] |= from.u8[start + i]
  },
}

const XOR: Fold = {
  clears: false,
  into(to, at, from, start, length) {
    const [target, source, words] = [to.dv, from.dv, wholeWords(length)]
    for (let i = 0; i < words; i += 4) {
      target.setInt32(at + i, target.getInt32(at + i, true) ^ source.getInt32(start + i, true), true)
    }
    for (let i = words; i < length; i++) to.u8[at + i] ^= from.u8[start + i]
  },
}

/** The destination's bits that the source lacks. */
const WITHOUT: Fold = {
  clears: false,
  into(to, at, from, start, length) {
    const [target, source, words] = [to.dv, from.dv, wholeWords(length)]
    for (let i = 0; i < words; i += 4) {
      target.setInt32(at + i, target.getInt32(at + i, true) & ~source.getInt32(start + i, true), true)
    }
    for (let i = words; i < length; i++) to.u8[at + i] &= ~from.u8[start + i]
  },
}

/** The source's bits that the destination lacks. */
const MISSING: Fold = {
  clears: true,
  into(to, at, from, start, length) {
    const [target, source, words] = [to.dv, from.dv, wholeWords(length)]
    for (let i = 0; i < words; i += 4) {
      target.setInt32(at + i, ~target.getInt32(at + i, true) & source.getInt32(start + i, true), true)
    }
    for (let i = words; i < length; i++) to.u8[at + i] = ~to.u8[at + i] & from.u8[start + i]
  },
}

function wholeWords(length: number): number {
  return length - (length & 3)
}
