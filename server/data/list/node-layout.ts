/**
 * How a node of a list lies in memory: some neighbouring elements in one block of the arena.
 *
 *       0  previous   ref, 0: it is the first
 *       4  next       ref, 0: it is the last
 *       8  bytes      of the block, this header included
 *      12  count      elements
 *      16  form       u8: packed, plain or compressed
 *      17  gap        u24: free bytes between the header and the content
 *      20  size       plain: bytes of the element; compressed: bytes of the listpack
 *      24  content
 *
 *      packed      [gap] listpack [free]     both free parts may be used: see listpack-ends.ts
 *      plain       the bytes of the only element, too large to be packed
 *      compressed  LZF of a listpack
 */

/** Words from the beginning of the block. */
export const PREVIOUS = 0
export const NEXT = 1
export const BYTES = 2
export const COUNT = 3
/** Form and gap. */
export const SHAPE = 4
export const SIZE = 5
export const NODE_HEADER = 24

export const PACKED = 0
export const PLAIN = 1
export const COMPRESSED = 2
export const FORM_MASK = 0xff
export const GAP_SHIFT = 8
/** What the gap's 24 bits hold. */
export const GAP_MAX = 0xffffff

/** A smaller block is not worth being made smaller. */
export const SHRINKING_MIN = 1024
/** A block that could be so many times smaller is. */
export const SHRINKING_FACTOR = 4
