/** 64-bit counters and times in memory, little endian: a number where it is exact, else a bigint. */

import type { Mem } from '../../lib/bytes.js'

const WORD = 2 ** 32
/** The upper words of safe integers. */
const SAFE_HIGH = 2 ** 21

export function readInt64({ dv }: Mem, at: number): number | bigint {
  const high = dv.getInt32(at + 4, true)
  if (high < SAFE_HIGH && high >= -SAFE_HIGH) return high * WORD + dv.getUint32(at, true)
  return dv.getBigInt64(at, true)
}

/** As `readInt64`, for what loses nothing by being the nearest number: times, and counts that are compared. */
export function readNumber({ dv }: Mem, at: number): number {
  return dv.getInt32(at + 4, true) * WORD + dv.getUint32(at, true)
}

export function writeInt64({ dv }: Mem, at: number, value: number | bigint): void {
  if (typeof value === 'bigint') {
    dv.setBigInt64(at, value, true)
    return
  }
  dv.setInt32(at, value | 0, true)
  dv.setInt32(at + 4, Math.floor(value / WORD), true)
}

/** Adds a small number; beyond 2^63 it wraps, as in C. */
export function addInt64(mem: Mem, at: number, by: number): void {
  const low = mem.dv.getUint32(at, true) + by
  if (low >= 0 && low < WORD) mem.dv.setUint32(at, low, true)
  else addWithCarry(mem, at, by)
}

function addWithCarry(mem: Mem, at: number, by: number): void {
  const value = readInt64(mem, at)
  writeInt64(mem, at, typeof value === 'number' ? value + by : BigInt.asIntN(64, value + BigInt(by)))
}
