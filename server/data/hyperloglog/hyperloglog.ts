/**
 * HyperLogLog: how many different elements, within 0.81 %, in at most 12 KiB.
 *
 * Each element is hashed. 14 bits of the hash choose one of 16384 registers, and the register remembers the
 * longest run of zero bits it ever saw in the remaining 50, plus one: the *rank*. A long run is rare, so
 * long runs mean many elements; an element seen twice changes nothing; and the union of two sketches is the
 * greater of each pair of registers.
 *
 *     format.ts         the bytes, and the header
 *     element.ts        element -> register and rank
 *     sparse.ts         reading runs of registers; sparse-editor.ts: changing them
 *     dense.ts          six bits per register
 *     estimate.ts       registers -> cardinality
 *     sketch.ts         a value being changed: PFADD, PFMERGE
 *     self-test.ts      PFSELFTEST
 *
 * This file reads. All functions expect a value that passed `isHyperLogLog`.
 */
import type { Span } from '../../lib/bytes.js'
import { denseHistogram, mergeDense } from './dense.js'
import { estimate } from './estimate.js'
import { HEADER_BYTES, REGISTER_VALUES, isDense } from './format.js'
import { mergeSparse, sparseHistogram } from './sparse.js'

export {
  cacheCardinality,
  cachedCardinality,
  isDense,
  isHyperLogLog,
  markStale,
  REGISTERS,
} from './format.js'
export { decodeSparse } from './sparse.js'
export { Sketch, type Change } from './sketch.js'

/** The estimate computed from the registers, or null when the sparse opcodes are corrupt. */
export function cardinality(value: Span): number | bigint | null {
  const histogram = new Int32Array(REGISTER_VALUES)
  if (isDense(value)) denseHistogram(value.mem.u8, value.start + HEADER_BYTES, histogram)
  else if (!sparseHistogram(value, histogram)) return null
  return estimate(histogram)
}

/** The estimate for registers of one byte each: that of a union. */
export function cardinalityOf(registers: Uint8Array): number | bigint {
  const histogram = new Int32Array(REGISTER_VALUES)
  for (const value of registers) histogram[value]++
  return estimate(histogram)
}

/**
 * Lifts each of `registers` (REGISTERS bytes, one per register) to that of the value; false when the sparse
 * opcodes are corrupt, and the registers are then worth nothing.
 */
export function mergeInto(registers: Uint8Array, value: Span): boolean {
  if (!isDense(value)) return mergeSparse(value, registers)
  mergeDense(value.mem.u8, value.start + HEADER_BYTES, registers)
  return true
}
