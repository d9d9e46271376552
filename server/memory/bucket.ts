/**
 * A bucket of the hash table: one cache line of 64 bytes for up to 12 entries.
 *
 *      word 0      next: the overflow bucket chained behind, or 0
 *      words 1-3   12 tags of 8 bits (0 = free slot)
 *      words 4-15  12 references of entries
 *
 * Tags are compared four at a time: XOR with the tag in every byte leaves a zero byte where they agree, and a
 * zero byte shows in (x - 0x01010101) & ~x & 0x80808080. The trick may also show bytes above a true hit; whoever
 * looks for an entry compares keys anyway, and whoever looks for a free slot takes the lowest, which is true.
 */

export const SLOTS = 12
export const BUCKET_BYTES = 64
export const BUCKET_WORDS = 16
export const REFS_AT = 4
export const ONES = 0x01010101
export const HIGHS = 0x80808080 | 0
const LOWS = 0x7f7f7f7f

/** Eight bits of the hash that the bucket index does not use; never 0, which marks a free slot. */
export function tagOf(hash: number): number {
  const tag = hash >>> 24
  return tag === 0 ? 1 : tag
}

/** The byte of a word that its lowest set high bit belongs to. */
export function lowestLane(hits: number): number {
  return (31 - Math.clz32(hits & -hits)) >>> 3
}

/**
 * The first entry of the bucket at word `at` whose tag is that of `hash`; where there is none, whatever stands in
 * the last slot. Without a branch: which of the groups it is in, nobody could guess.
 */
export function likelyEntry(words: Int32Array, at: number, hash: number): number {
  const pattern = Math.imul(tagOf(hash), ONES)
  const first = hitsIn(words[at + 1] ^ pattern)
  const second = hitsIn(words[at + 2] ^ pattern)
  const third = hitsIn(words[at + 3] ^ pattern)
  const inFirst = (first | -first) >> 31
  const inSecond = ((second | -second) >> 31) & ~inFirst
  const behind = ~(inFirst | inSecond)
  const hits = (first & inFirst) | (second & inSecond) | (third & behind)
  return words[at + REFS_AT + (inSecond & 4) + (behind & 8) + (lowestLane(hits) & 3)]
}

function hitsIn(difference: number): number {
  return (difference - ONES) & ~difference & HIGHS
}

/** A free slot of the bucket at word `at`, or -1. */
export function freeSlot(words: Int32Array, at: number): number {
  for (let group = 0; group < 3; group++) {
    const tags = words[at + 1 + group]
    const free = (tags - ONES) & ~tags & HIGHS
    if (free !== 0) return (group << 2) + lowestLane(free)
  }
  return -1
}

/** The slot that holds this very entry, or -1. */
export function slotOf(words: Int32Array, at: number, ref: number): number {
  for (let slot = 0; slot < SLOTS; slot++) if (words[at + REFS_AT + slot] === ref) return slot
  return -1
}

export function fillSlot(words: Int32Array, at: number, slot: number, tag: number, ref: number): void {
  words[at + 1 + (slot >>> 2)] |= tag << ((slot & 3) << 3)
  words[at + REFS_AT + slot] = ref
}

export function clearSlot(words: Int32Array, at: number, slot: number): void {
  words[at + 1 + (slot >>> 2)] &= ~(0xff << ((slot & 3) << 3))
  words[at + REFS_AT + slot] = 0
}

/** How many slots are in use: their tags are not 0. */
export function usedSlots(words: Int32Array, at: number): number {
  return usedBytes(words[at + 1]) + usedBytes(words[at + 2]) + usedBytes(words[at + 3])
}

/** The bytes of a word that are not 0: each leaves a mark in its high bit, the marks are added up. */
function usedBytes(word: number): number {
  const marks = (((word & LOWS) + LOWS) | word) & HIGHS
  return Math.imul(marks >>> 7, ONES) >>> 24
}

export function tagAt(words: Int32Array, at: number, slot: number): number {
  return (words[at + 1 + (slot >>> 2)] >>> ((slot & 3) << 3)) & 0xff
}

export function isEmpty(words: Int32Array, at: number): boolean {
  return (words[at + 1] | words[at + 2] | words[at + 3]) === 0
}
