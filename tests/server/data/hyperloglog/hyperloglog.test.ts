import { describe, expect, test } from 'vitest'
import {
  REGISTERS,
  Sketch,
  cacheCardinality,
  cachedCardinality,
  cardinality,
  cardinalityOf,
  decodeSparse,
  isDense,
  isHyperLogLog,
  mergeInto,
} from '../../../../server/data/hyperloglog/hyperloglog.js'
import { selfTest } from '../../../../server/data/hyperloglog/self-test.js'
import { Span } from '../../../../server/lib/bytes.js'
import { seededRandom } from '../../../../server/lib/random.js'
import { sha1 } from '../../../../server/lib/digests.js'

/**
 * Recorded from redis-server 7.0.15: PFADD of `element:0`, `element:1`, ... with this hll-sparse-max-bytes; the
 * length and the SHA-1 of what GET gives, and what PFCOUNT says after that.
 */
const RECORDED: readonly [elements: number, sparseMax: number, bytes: number, sha1: string, count: number][] =
  [
    [0, 3000, 18, 'e2c2a4d6f667db2d3180523f3c7a9bda5a4db0fc', 0],
    [1, 3000, 21, 'd111dd27cb94748a8cf3c3c1bf002fe0e1b6b277', 1],
    [3, 3000, 27, '2b3b68b27b581be92e7bf988369b91b397217c79', 3],
    [20, 3000, 76, 'b192ab5c5e430efcb656bb1f442a40d0fb411181', 20],
    [100, 3000, 285, 'adb8b211e8f1c583accacde62d6a276b6655b70e', 99],
    [1000, 3000, 1897, '0e960765508b760a1d14e0dbf53a47cda116bf34', 997],
    [1500, 3000, 2722, 'b100a66eeab600d2bd3d0bdf8f8340d0c1cb3801', 1500],
    [2000, 3000, 12304, '5b5af8349628ff2f83fe6cfca50f1c2cc671e307', 2004],
    [2000, 20000, 3495, 'cac2556a66ac220eb5282bab838fe66907616fac', 2004],
    [10000, 3000, 12304, '32cf9c38b2d7a8345ede610f2f852e2e99d96921', 10017],
    [100000, 3000, 12304, 'e93ddd40b895726dee7091c32a113a2d5fc36aa8', 100039],
  ]

/** PFMERGE of elements 0..499 and 250..last into a new key. */
const RECORDED_MERGES: readonly [last: number, bytes: number, sha1: string, count: number][] = [
  [499, 1050, '6c8940e3bb8e4085470524fec02bd03b03437d86', 502],
  [2999, 12304, '66aa5c54fd1fce025b32b413efc42d075b3ee285', 3002],
]

function sketchOf(first: number, last: number, sparseMax = 3000): Sketch {
  const sketch = new Sketch().begin()
  for (let i = first; i <= last; i++) sketch.add(Span.of(`element:${i}`), sparseMax)
  return sketch
}

function union(...values: Span[]): Uint8Array {
  const registers = new Uint8Array(REGISTERS)
  for (const value of values) expect(mergeInto(registers, value)).toBe(true)
  return registers
}

/** A sparse value with these opcodes, its cached cardinality stale. */
function sparse(...opcodes: number[]): Span {
  return sparseOf(opcodes)
}

function sparseOf(opcodes: readonly number[]): Span {
  const header = Buffer.from('HYLL\x01\0\0\0\0\0\0\0\0\0\0\x80', 'latin1')
  return Span.of(Buffer.concat([header, Buffer.from(opcodes)]))
}

/** Z:16384 and the most a VAL can say. */
const ALL_ZERO = [0x7f, 0xff]
const VAL_32_BY_4 = 0xff

describe('recorded from redis-server 7.0.15', () => {
  test.each(RECORDED)('%i elements, sparse up to %i bytes', (elements, sparseMax, bytes, digest, count) => {
    const { value } = sketchOf(0, elements - 1, sparseMax)
    expect([value.length, sha1(value.bytes()).toString('hex')]).toEqual([bytes, digest])
    expect(isDense(value)).toBe(bytes === 12304)
    expect(cardinality(value)).toBe(count)
  })

  test.each(RECORDED_MERGES)('PFMERGE with elements up to %i', (last, bytes, digest, count) => {
    const [a, b] = [sketchOf(0, 499).value, sketchOf(250, last).value]
    const merged = new Sketch().begin()
    if (isDense(b)) merged.toDense()
    merged.merge(union(a, b), 3000)
    expect([merged.value.length, sha1(merged.value.bytes()).toString('hex')]).toEqual([bytes, digest])
    expect(cardinality(merged.value)).toBe(count)
  })

  test('three elements, opcode by opcode', () => {
    const { value } = sketchOf(0, 2)
    expect(value.bytes().toString('hex')).toBe('48594c4c010000000000000000000080448e8050c8804b27805f7c')
    expect(decodeSparse(value)).toBe('Z:1167 v:1,1 Z:4297 v:1,1 Z:2856 v:1,1 Z:8061')
  })
})

describe('a sketch', () => {
  test('keeps its bytes when an element was there before', () => {
    const sketch = sketchOf(0, 99)
    const before = Buffer.from(sketch.value.bytes())
    expect(sketch.add(Span.of('element:7'), 3000)).toBe('kept')
    expect(sketch.value.bytes()).toEqual(before)
  })

  test('says the same whether sparse or dense', () => {
    const sparseSketch = sketchOf(0, 999)
    const dense = new Sketch().load(sparseSketch.value)
    expect(dense.toDense()).toBe('raised')
    expect(dense.toDense()).toBe('kept')
    expect(cardinality(dense.value)).toBe(cardinality(sparseSketch.value))
    expect(union(dense.value)).toEqual(union(sparseSketch.value))
  })

  test('a rank above 32 makes it dense, however few its elements', () => {
    const registers = new Uint8Array(REGISTERS)
    registers[16383] = 33
    const sketch = new Sketch().begin()
    expect(sketch.merge(registers, 3000)).toBe('raised')
    expect(isDense(sketch.value)).toBe(true)
    expect(union(sketch.value)).toEqual(registers)
  })

  test('adding to a dense value in place is adding to it', () => {
    const value = sketchOf(0, 4999).value.clone()
    const sketch = new Sketch().load(value)
    for (let i = 5000; i < 6000; i++) {
      const element = Span.of(`element:${i}`)
      expect(sketch.addInPlace(value, element)).toBe(sketch.add(element, 3000) === 'raised')
    }
    expect(value.bytes()).toEqual(sketch.value.bytes())
  })

  test('merging in ascending order is adding one by one in any order', () => {
    const random = seededRandom(8)
    for (let round = 0; round < 50; round++) {
      const registers = new Uint8Array(REGISTERS)
      for (let i = random.below(800); i > 0; i--) registers[random.below(REGISTERS)] = 1 + random.below(4)
      const sketch = sketchOf(0, random.below(500), 100_000)
      const expected = union(sketch.value).map((value, index) => Math.max(value, registers[index]))
      sketch.merge(registers, 100_000)
      expect(union(sketch.value)).toEqual(expected)
    }
  })

  test('takes up a small value after a huge one', () => {
    const sketch = new Sketch().load(sparseOf(new Array<number>(200_000).fill(0)))
    expect(sketch.toDense()).toBe('corrupt')
    expect(sketch.load(sketchOf(0, 2).value).add(Span.of('element:1'), 3000)).toBe('kept')
  })
})

describe('the cached cardinality', () => {
  test('is stale in a new sketch and after a change', () => {
    const sketch = new Sketch().begin()
    expect(cachedCardinality(sketch.value)).toBe(null)
    cacheCardinality(sketch.value, 0)
    expect(cachedCardinality(sketch.value)).toBe(0)
    sketch.add(Span.of('x'), 3000)
    expect(cachedCardinality(sketch.value)).toBe(null)
  })

  test('holds any 63 bits', () => {
    const { value } = new Sketch().begin()
    for (const count of [1, 2 ** 32, Number.MAX_SAFE_INTEGER, 2n ** 53n, 2n ** 63n - 1n]) {
      cacheCardinality(value, count)
      expect(cachedCardinality(value)).toBe(count)
    }
  })

  test('survives the change of writing, as the unused bytes do', () => {
    const value = sketchOf(0, 2).value.clone()
    cacheCardinality(value, 77)
    value.mem.u8[6] = 9
    const sketch = new Sketch().load(value)
    sketch.toDense()
    expect(cachedCardinality(sketch.value)).toBe(77)
    expect(sketch.value.at(6)).toBe(9)
  })
})

describe('what is not a HyperLogLog', () => {
  test.each([
    ['too short', 'HYLL\x01'],
    ['another magic', 'HYLX\x01' + '\0'.repeat(11)],
    ['another encoding', 'HYLL\x02' + '\0'.repeat(11)],
    ['dense and a byte short', 'HYLL\0' + '\0'.repeat(12298)],
    ['dense and a byte long', 'HYLL\0' + '\0'.repeat(12300)],
  ])('%s', (_what, bytes) => {
    expect(isHyperLogLog(Span.of(bytes))).toBe(false)
  })

  test('a value with the right header is one until its opcodes are read', () => {
    expect(isHyperLogLog(sparse())).toBe(true)
    expect(isHyperLogLog(Span.of('HYLL' + '\0'.repeat(12300)))).toBe(true)
  })
})

/** 140,000 times all registers. */
function overflowingRuns(): number[] {
  return new Array<number[]>(140_000).fill(ALL_ZERO).flat()
}

describe('corrupt opcodes are noticed, and never read or written outside', () => {
  test.each([
    ['none', sparse()],
    ['one register short', sparse(0x7f, 0xfe)],
    ['one register too many', sparse(...ALL_ZERO, 0)],
    ['a value behind the last register', sparse(...ALL_ZERO, VAL_32_BY_4)],
    ['runs that would overflow an int32', sparseOf([...overflowingRuns(), VAL_32_BY_4])],
    ['an XZERO without its second byte', sparse(0x40)],
  ])('%s', (_what, value) => {
    expect(cardinality(value)).toBe(null)
    expect(mergeInto(new Uint8Array(REGISTERS), value)).toBe(false)
    expect(new Sketch().load(value).toDense()).toBe('corrupt')
  })

  test('adding fails when no opcode covers the register', () => {
    expect(new Sketch().load(sparse()).add(Span.of('x'), 3000)).toBe('corrupt')
    expect(new Sketch().load(sparse(0)).add(Span.of('x'), 3000)).toBe('corrupt')
    expect(new Sketch().load(sparse(0x7f)).add(Span.of('x'), 3000)).toBe('corrupt')
  })

  test('adding fails when the sketch has to become dense and cannot', () => {
    expect(new Sketch().load(sparse(...ALL_ZERO, ...ALL_ZERO)).add(Span.of('x'), 0)).toBe('corrupt')
  })
})

describe('estimates', () => {
  test('of registers no elements could have left are what C would say', () => {
    expect(cardinalityOf(new Uint8Array(REGISTERS))).toBe(0)
    expect(cardinalityOf(new Uint8Array(REGISTERS).fill(51))).toBe(-(2n ** 63n))
    expect(cardinalityOf(new Uint8Array(REGISTERS).fill(63))).toBe(-(2n ** 63n))
  })

  test('beyond 2^53 are exact', () => {
    expect(cardinalityOf(new Uint8Array(REGISTERS).fill(45))).toBeTypeOf('bigint')
  })

  test('the self-test finds nothing', () => {
    expect(selfTest(seededRandom(9), 3000, 20_000)).toBe(null)
  })
})
