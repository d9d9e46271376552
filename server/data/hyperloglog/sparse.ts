/**
 * Reading the sparse writing.
 *
 * The opcodes may be forged, so a reader counts the registers it has covered and whoever uses the runs
 * must see them within bounds: every walk below ends in "exactly 16384, and never more on the way", which is
 * what Redis calls a valid object since CVE-2025-32023.
 */
import type { Span } from '../../lib/bytes.js'
import { HEADER_BYTES, REGISTERS } from './format.js'

/** Opcodes. ZERO has both high bits clear. */
export const XZERO_BIT = 0x40
const VAL_BIT = 0x80

export const ZERO_RUN_MAX = 64
export const VAL_RUN_MAX = 4
/** The highest register value a VAL can hold. */
export const VAL_MAX = 32

export const isXzero = (opcode: number): boolean => (opcode & 0xc0) === XZERO_BIT
export const isVal = (opcode: number): boolean => (opcode & VAL_BIT) !== 0
export const zeroRun = (opcode: number): number => (opcode & 63) + 1
export const xzeroRun = (opcode: number, low: number): number => (((opcode & 63) << 8) | low) + 1
export const valRun = (opcode: number): number => (opcode & 3) + 1
export const valValue = (opcode: number): number => ((opcode >>> 2) & 31) + 1
export const valOpcode = (value: number, run: number): number => VAL_BIT | ((value - 1) << 2) | (run - 1)

/** One run of equal registers after the other. An XZERO cut off after its first byte reads as if a 0 followed. */
class SparseRuns {
  /** The value of the registers in the current run. */
  value = 0
  /** The length of the current run. */
  run = 0
  /** Registers covered up to and including the current run. */
  covered = 0
  /** The opcode of the current run. */
  opcode = 0
  private at = HEADER_BYTES

  constructor(private readonly sketch: Span) {}

  next(): boolean {
    const { sketch, at } = this
    if (at >= sketch.length) return false
    this.opcode = sketch.at(at)
    if (isVal(this.opcode)) this.take(valValue(this.opcode), valRun(this.opcode), 1)
    else if (isXzero(this.opcode)) this.take(0, this.xzeroRun(at), 2)
    else this.take(0, zeroRun(this.opcode), 1)
    return true
  }

  private xzeroRun(at: number): number {
    const low = at + 1 < this.sketch.length ? this.sketch.at(at + 1) : 0
    return xzeroRun(this.opcode, low)
  }

  private take(value: number, run: number, bytes: number): void {
    this.value = value
    this.run = run
    this.covered += run
    this.at += bytes
  }
}

/** Adds to `histogram[v]` the number of registers that hold v; false when the opcodes are corrupt. */
export function sparseHistogram(sketch: Span, histogram: Int32Array): boolean {
  const runs = new SparseRuns(sketch)
  while (runs.next()) {
    if (runs.covered > REGISTERS) return false
    histogram[runs.value] += runs.run
  }
  return runs.covered === REGISTERS
}

/** Lifts each of `registers` to the value of its sparse counterpart; false when the opcodes are corrupt. */
export function mergeSparse(sketch: Span, registers: Uint8Array): boolean {
  const runs = new SparseRuns(sketch)
  while (runs.next()) {
    if (runs.covered > REGISTERS) return false
    if (runs.value === 0) continue
    for (let index = runs.covered - runs.run; index < runs.covered; index++) {
      if (runs.value > registers[index]) registers[index] = runs.value
    }
  }
  return runs.covered === REGISTERS
}

/** The opcodes in Redis' notation (`Z:1000 v:2,1 z:19`), corrupt ones included: PFDEBUG DECODE. */
export function decodeSparse(sketch: Span): string {
  const runs = new SparseRuns(sketch)
  const words: string[] = []
  while (runs.next()) {
    if (isVal(runs.opcode)) words.push(`v:${runs.value},${runs.run}`)
    else words.push(`${isXzero(runs.opcode) ? 'Z' : 'z'}:${runs.run}`)
  }
  return words.join(' ')
}
