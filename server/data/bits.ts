/**
 * Bitmaps: a string seen as bits, bit 0 being the most significant bit of the first byte.
 *
 * Offsets go up to 2^32 - 1 and beyond, past what JavaScript's bit operators keep, so a byte's index is
 * found by division. Inside, whole words are read; only the ragged ends go byte by byte.
 */
import type { Mem, Span } from '../lib/bytes.js'

export const byteOf = (bit: number): number => Math.floor(bit / 8)

/** The bit at an offset: 0 beyond the end. */
export function getBit(value: Span, offset: number): 0 | 1 {
  const byte = byteOf(offset)
  return byte < value.length && (value.at(byte) & (0x80 >> (offset & 7))) !== 0 ? 1 : 0
}

/** Sets a bit of the string at `start`, which must reach that far, and gives the bit it replaced. */
export function setBit(mem: Mem, start: number, offset: number, bit: 0 | 1): 0 | 1 {
  const at = start + byteOf(offset)
  const mask = 0x80 >> (offset & 7)
  const before = mem.u8[at]
  mem.u8[at] = bit === 1 ? before | mask : before & ~mask
  return (before & mask) === 0 ? 0 : 1
}

/** The number of bits set among bits `first`..`last`, both included and within the string. */
export function countBits(value: Span, first: number, last: number): number {
  if (first > last) return 0
  const firstByte = byteOf(first)
  const lastByte = byteOf(last)
  const outside =
    popcount(value.at(firstByte) & headMask(first)) + popcount(value.at(lastByte) & tailMask(last))
  return countBytes(value, firstByte, lastByte + 1) - outside
}

/**
 * The offset of the first bit equal to `bit` among bits `first`..`last`, both included and within the
 * string, or -1. With `open` the string is taken to go on with zeros behind `last`: the search for a clear
 * bit then always succeeds, which is what BITPOS promises when no end is given.
 */
export function findBit(value: Span, bit: 0 | 1, first: number, last: number, open: boolean): number {
  if (first > last) return -1
  const found = firstBit(value, bit, first, last)
  if (found <= last) return found
  return open && bit === 0 ? last + 1 : -1
}

/** The first such bit from `first` on, or anything behind `last`. */
function firstBit(value: Span, bit: 0 | 1, first: number, last: number): number {
  const flip = bit === 1 ? 0 : 0xff
  const head = (value.at(byteOf(first)) ^ flip) & ~headMask(first) & 0xff
  if (head !== 0) return byteOf(first) * 8 + leadingZeros(head)
  const end = byteOf(last) + 1
  const at = skipBytes(value, flip, byteOf(first) + 1, end)
  return at === end ? last + 1 : at * 8 + leadingZeros(value.at(at) ^ flip)
}

/** The first byte from `from` on that is not `skipped` (0 or 255), or `end`. */
function skipBytes(value: Span, skipped: number, from: number, end: number): number {
  const { mem, start } = value
  const dv = mem.dv
  const word = skipped === 0 ? 0 : -1
  let at = skipBlocks(value, skipped === 0 ? ZEROS : ONES, from, end)
  while (
    at + 8 <= end &&
    dv.getInt32(start + at, true) === word &&
    dv.getInt32(start + at + 4, true) === word
  )
    at += 8
  while (at < end && mem.u8[start + at] === skipped) at++
  return at
}

const BLOCK_BYTES = 16 * 1024
const ZEROS = Buffer.alloc(BLOCK_BYTES)
const ONES = Buffer.alloc(BLOCK_BYTES, 0xff)

/** Passes over whole blocks of nothing else: the system compares ten times as fast as a loop does. */
function skipBlocks({ mem, start }: Span, block: Buffer, from: number, end: number): number {
  let at = from
  while (at + BLOCK_BYTES <= end && isBlock(mem.u8, block, start + at)) at += BLOCK_BYTES
  return at
}

function isBlock(u8: Buffer, block: Buffer, at: number): boolean {
  return u8.compare(block, 0, BLOCK_BYTES, at, at + BLOCK_BYTES) === 0
}

/** The bits of a byte before `bit`'s place in it. */
const headMask = (bit: number): number => (0xff00 >> (bit & 7)) & 0xff

/** The bits of a byte behind `bit`'s place in it. */
const tailMask = (bit: number): number => 0x7f >> (bit & 7)

/** Zeros before the first one of a byte. */
const leadingZeros = (byte: number): number => Math.clz32(byte) - 24

const STEP_BYTES = 32

/**
 * Bits set in bytes `from`..`end`-1. Eight words go in one step: adders add them up place by place, each place of the
 * words being a column of its own, and what is left to count are the eights (Harley and Seal).
 */
function countBytes(value: Span, from: number, end: number): number {
  const { dv } = value.mem
  const stop = value.start + end
  let at = value.start + from
  let ones = 0
  let twos = 0
  let fours = 0
  let eights = 0
  for (; at + STEP_BYTES <= stop; at += STEP_BYTES) {
    const a = dv.getInt32(at, true)
    const b = dv.getInt32(at + 4, true)
    const c = dv.getInt32(at + 8, true)
    const d = dv.getInt32(at + 12, true)
    const e = dv.getInt32(at + 16, true)
    const f = dv.getInt32(at + 20, true)
    const g = dv.getInt32(at + 24, true)
    const h = dv.getInt32(at + 28, true)
    const ab = carry(ones, a, b)
    const cd = carry(ones ^ a ^ b, c, d)
    const abcd = ones ^ a ^ b ^ c ^ d
    const ef = carry(abcd, e, f)
    const gh = carry(abcd ^ e ^ f, g, h)
    ones = abcd ^ e ^ f ^ g ^ h
    const early = carry(twos, ab, cd)
    const late = carry(twos ^ ab ^ cd, ef, gh)
    twos ^= ab ^ cd ^ ef ^ gh
    eights += popcount(carry(fours, early, late))
    fours ^= early ^ late
  }
  let bits = eights * 8 + popcount(fours) * 4 + popcount(twos) * 2 + popcount(ones)
  for (; at < stop; at++) bits += popcount(value.mem.u8[at])
  return bits
}

/** What an adder carries to the next place: where two of three are set. */
function carry(a: number, b: number, c: number): number {
  return (a & b) | ((a ^ b) & c)
}

/** Bits set in a word. */
export function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
