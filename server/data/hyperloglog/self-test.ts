/**
 * What PFSELFTEST checks: that registers do not disturb their neighbours, that the two writings agree, and that
 * estimates are as good as promised. Redis adds ten million elements; the caller says how many it can wait for.
 */
import { Mem, Span } from '../../lib/bytes.js'
import type { Random } from '../../lib/random.js'
import { denseRegister, raiseDense } from './dense.js'
import {
  DENSE,
  DENSE_BYTES,
  HEADER_BYTES,
  REGISTERS,
  REGISTER_VALUES,
  isSparse,
  writeHeader,
} from './format.js'
import { cardinality } from './hyperloglog.js'
import { Sketch } from './sketch.js'

const REGISTER_CYCLES = 10
const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS)

/** So many standard errors off, an estimate is wrong rather than unlucky. */
const ERRORS_ALLOWED = 6

/** Null when all is well, or what is wrong. */
export function selfTest(random: Random, sparseMax: number, elements: number): string | null {
  for (let cycle = 0; cycle < REGISTER_CYCLES; cycle++) {
    const fault = checkRegisters(random)
    if (fault !== null) return fault
  }
  return checkEstimates(random, sparseMax, elements)
}

function checkRegisters(random: Random): string | null {
  const u8 = new Uint8Array(DENSE_BYTES)
  const expected = Uint8Array.from({ length: REGISTERS }, () => random.below(REGISTER_VALUES))
  expected.forEach((value, index) => raiseDense(u8, HEADER_BYTES, index, value))
  for (let index = 0; index < REGISTERS; index++) {
    const value = denseRegister(u8, HEADER_BYTES, index)
    if (value !== expected[index]) return `Register ${index} should be ${expected[index]} but is ${value}`
  }
  return null
}

/** Adds the same elements to a dense value and to one that starts sparse; looks at 1, 10, 100, ... of them. */
function checkEstimates(random: Random, sparseMax: number, elements: number): string | null {
  const dense = new Span(Mem.ofSize(DENSE_BYTES), 0, DENSE_BYTES)
  writeHeader(dense, DENSE)
  const sketch = new Sketch().begin()
  const element = Span.of(random.bytes(8))
  const low = random.uint32()
  let checkpoint = 1
  for (let added = 1; added <= elements; added++) {
    element.mem.dv.setUint32(0, low ^ added, true)
    sketch.addInPlace(dense, element)
    sketch.add(element, sparseMax)
    if (added < checkpoint) continue
    const fault = judge(checkpoint, dense, sketch.value, sparseMax)
    if (fault !== null) return fault
    checkpoint *= 10
  }
  return null
}

function judge(added: number, dense: Span, other: Span, sparseMax: number): string | null {
  if (added < sparseMax / 2 && !isSparse(other)) return 'sparse encoding not used'
  const estimated = cardinality(dense)
  if (estimated !== cardinality(other)) return 'dense/sparse disagree'
  const error = Math.abs(added - Number(estimated))
  if (error <= errorMax(added)) return null
  return `Too big error. card:${added} abserr:${error}`
}

/** Among ten elements a collision is likely enough to be forgiven. */
function errorMax(added: number): number {
  return added === 10 ? 1 : Math.ceil(STANDARD_ERROR * ERRORS_ALLOWED * added)
}
