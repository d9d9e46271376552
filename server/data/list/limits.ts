/** How lists are cut into nodes, as the configuration says. */

/** `list-max-listpack-size` -1 is this many bytes, -2 twice as many, and so on to -5. */
const SMALLEST_BYTES = 4096
const LARGEST_STEP = 5
/** What a node limited by its number of elements may hold all the same. */
const COUNTED_BYTES = 8192
/** As with Redis: from this length on an element is plain in any case. */
const PLAIN_MIN = 2 ** 30

export class ListLimits {
  /** Bytes of a node's block at most, if it holds more than one element. */
  maxBytes = 2 * SMALLEST_BYTES
  /** Elements of a node at most. */
  maxCount = Infinity
  /** Bytes from which an element is plain whatever the size of a node. */
  plainMin = PLAIN_MIN
  /** Nodes at each end that stay uncompressed; 0: all. */
  compressDepth = 0

  /** `list-max-listpack-size`: elements of a node, or -1 to -5 for 4 to 64 kb. */
  setListpackSize(size: number): void {
    const step = Math.min(Math.max(-size, 1), LARGEST_STEP)
    this.maxBytes = size < 0 ? SMALLEST_BYTES << (step - 1) : COUNTED_BYTES
    this.maxCount = size < 0 ? Infinity : Math.max(size, 1)
  }

  /** DEBUG QUICKLIST-PACKED-THRESHOLD; 0: as usual. */
  setPlainMin(bytes: number): void {
    this.plainMin = bytes === 0 ? PLAIN_MIN : bytes
  }
}
