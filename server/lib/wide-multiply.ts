/**
 * The upper half of a product of two 32-bit numbers. `Math.imul` gives the lower half; JS has nothing for the
 * upper one, and a double holds only 53 bits of the 64, so it is put together from four products of 16 bits.
 * All numbers here are int32 patterns; the product is that of their unsigned readings.
 */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const one = Math.imul(aHigh, bLow)
  const other = Math.imul(aLow, bHigh)
  const middle = (Math.imul(aLow, bLow) >>> 16) + (one & 0xffff) + (other & 0xffff)
  return (Math.imul(aHigh, bHigh) + (one >>> 16) + (other >>> 16) + (middle >>> 16)) | 0
}
