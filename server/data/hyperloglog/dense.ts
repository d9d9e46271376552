/**
 * The dense writing: four registers of 6 bits in every three bytes.
 *
 * Functions take the bytes and where the registers begin. Bulk work goes three bytes at a time through one
 * 24-bit number, which never straddles a group and so never looks past the last byte.
 */
import { REGISTERS } from './format.js'

const GROUP_BYTES = 3
const GROUP_REGISTERS = 4

export function denseRegister(u8: Uint8Array, registersAt: number, index: number): number {
  const group = registersAt + (index >>> 2) * GROUP_BYTES
  return (readGroup(u8, group) >>> ((index & 3) * 6)) & 63
}

/** Lifts one register to `rank`; false when it is that high already. */
export function raiseDense(u8: Uint8Array, registersAt: number, index: number, rank: number): boolean {
  const group = registersAt + (index >>> 2) * GROUP_BYTES
  const shift = (index & 3) * 6
  const word = readGroup(u8, group)
  if (rank <= ((word >>> shift) & 63)) return false
  writeGroup(u8, group, (word & ~(63 << shift)) | (rank << shift))
  return true
}

/** Adds to `histogram[v]` the number of registers that hold v. */
export function denseHistogram(u8: Uint8Array, registersAt: number, histogram: Int32Array): void {
  let at = registersAt
  for (let i = 0; i < REGISTERS; i += GROUP_REGISTERS, at += GROUP_BYTES) {
    const word = readGroup(u8, at)
    histogram[word & 63]++
    histogram[(word >>> 6) & 63]++
    histogram[(word >>> 12) & 63]++
    histogram[word >>> 18]++
  }
}

/** Lifts each of `registers` to the value of its dense counterpart. */
export function mergeDense(u8: Uint8Array, registersAt: number, registers: Uint8Array): void {
  let at = registersAt
  for (let i = 0; i < REGISTERS; i += GROUP_REGISTERS, at += GROUP_BYTES) {
    const word = readGroup(u8, at)
    lift(registers, i, word & 63)
    lift(registers, i + 1, (word >>> 6) & 63)
    lift(registers, i + 2, (word >>> 12) & 63)
    lift(registers, i + 3, word >>> 18)
  }
}

/** Writes one byte per register as six bits per register. */
export function packDense(registers: Uint8Array, u8: Uint8Array, registersAt: number): void {
  let at = registersAt
  for (let i = 0; i < REGISTERS; i += GROUP_REGISTERS, at += GROUP_BYTES) {
    const word = registers[i] | (registers[i + 1] << 6) | (registers[i + 2] << 12) | (registers[i + 3] << 18)
    writeGroup(u8, at, word)
  }
}

function lift(registers: Uint8Array, index: number, value: number): void {
  if (value > registers[index]) registers[index] = value
}

function readGroup(u8: Uint8Array, at: number): number {
  return u8[at] | (u8[at + 1] << 8) | (u8[at + 2] << 16)
}

function writeGroup(u8: Uint8Array, at: number, word: number): void {
  u8[at] = word
  u8[at + 1] = word >>> 8
  u8[at + 2] = word >>> 16
}
