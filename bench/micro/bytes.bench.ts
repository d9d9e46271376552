import { copyBytes, Mem, sameBytes } from '../../server/lib/bytes.js'
import type { Micro } from './micro.js'

/**
 * Our loops over words against what the platform offers, by length: where the loop stops winning is where
 * NATIVE_COPY_MIN and its like in bytes.ts belong.
 */
const LENGTHS = [8, 16, 32, 64, 128, 256, 512]

/** Starts wander over a few kilobytes and are no multiple of 4, as keys in a read buffer are not. */
const STEP = 13
const START_MASK = 2047
const MEMORY_BYTES = 4096

export default function register(micro: Micro): void {
  const from = Mem.ofSize(MEMORY_BYTES)
  const to = Mem.ofSize(MEMORY_BYTES)
  for (const length of LENGTHS) for (const aside of [0, 1]) registerCopies(micro, from, to, length, aside)
  for (const length of LENGTHS) registerComparisons(micro, from, to, length)
}

/** `aside`: how source and target lie to each other. */
function registerCopies(micro: Micro, from: Mem, to: Mem, length: number, aside: number): void {
  micro(`copy ${length} aside ${aside}, copyBytes`, iterations => {
    for (let i = 0, start = 0; i < iterations; i++, start = (start + STEP) & START_MASK)
      copyBytes(to, start + aside, from, start, length)
    return to.u8[0]
  })
  micro(`copy ${length} aside ${aside}, set of subarray`, iterations => {
    for (let i = 0, start = 0; i < iterations; i++, start = (start + STEP) & START_MASK)
      to.u8.set(from.u8.subarray(start, start + length), start + aside)
    return to.u8[0]
  })
}

/** The memories are equal, so that every comparison runs to its end. */
function registerComparisons(micro: Micro, a: Mem, b: Mem, length: number): void {
  micro(`compare ${length}, sameBytes`, iterations => {
    let same = 0
    for (let i = 0, start = 0; i < iterations; i++, start = (start + STEP) & START_MASK)
      if (sameBytes(a, start, b, start, length)) same++
    return same
  })
  micro(`compare ${length}, Buffer.compare`, iterations => {
    let same = 0
    for (let i = 0, start = 0; i < iterations; i++, start = (start + STEP) & START_MASK)
      if (a.u8.compare(b.u8, start, start + length, start, start + length) === 0) same++
    return same
  })
}
