import { expect, test } from 'vitest'
import { bitOp, bitOpLength, type BitOp } from '../../../server/data/bitop.js'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'

/** What each operation says about one bit, given that bit of X and of the Ys. */
const MEANING: Record<BitOp, (x: number, ys: number[]) => boolean> = {
  and: (x, ys) => x === 1 && ys.every(y => y === 1),
  or: (x, ys) => x === 1 || ys.includes(1),
  xor: (x, ys) => ys.reduce((sum, y) => sum + y, x) % 2 === 1,
  not: x => x === 0,
  diff: (x, ys) => x === 1 && !ys.includes(1),
  diff1: (x, ys) => x === 0 && ys.includes(1),
  andor: (x, ys) => x === 1 && ys.includes(1),
  one: (x, ys) => ys.reduce((sum, y) => sum + y, x) === 1,
}

function model(op: BitOp, sources: Span[]): Buffer {
  const result = Buffer.alloc(bitOpLength(sources))
  for (let bit = 0; bit < result.length * 8; bit++) {
    const [x, ...ys] = sources.map(({ length, mem, start }) =>
      bit >> 3 < length ? (mem.u8[start + (bit >> 3)] >> (bit & 7)) & 1 : 0,
    )
    if (MEANING[op](x, ys)) result[bit >> 3] |= 1 << (bit & 7)
  }
  return result
}

function randomSource(random: Random): Span {
  const before = random.below(8)
  const length = random.below(4) === 0 ? random.below(4) : random.below(60)
  return new Span(Mem.copyOf(random.bytes(before + length + 8)), before, length)
}

test.each(Object.keys(MEANING) as BitOp[])('%s agrees with its meaning bit by bit', op => {
  const random = seededRandom(7)
  for (let round = 0; round < 300; round++) {
    const count = op === 'not' ? 1 : 2 + random.below(4)
    const sources = Array.from({ length: count }, () => randomSource(random))
    const length = bitOpLength(sources)
    const at = random.below(8)
    const to = Mem.copyOf(Buffer.alloc(at + length + 8, 0xa5))
    bitOp(op, sources, to, at)
    expect(to.u8.subarray(at, at + length)).toEqual(model(op, sources))
    expect(to.u8.subarray(0, at).every(byte => byte === 0xa5)).toBe(true)
    expect(
      to.u8
        .subarray(at + length)
        .subarray(0, 8)
        .every(byte => byte === 0xa5),
    ).toBe(true)
  }
})

test.each(Object.keys(MEANING) as BitOp[])('%s of long strings of different lengths agrees, too', op => {
  const random = seededRandom(8)
  const lengths = op === 'not' ? [40_001] : [33_000, 40_001, 16_384, 5]
  const sources = lengths.map(length => new Span(Mem.copyOf(random.bytes(length + 8)), 8, length))
  const to = Mem.copyOf(Buffer.alloc(40_016, 0xa5))
  bitOp(op, sources, to, 8)
  expect(Buffer.compare(to.u8.subarray(8, 40_009), model(op, sources))).toBe(0)
  expect(to.u8[40_009]).toBe(0xa5)
})

test.each(['and', 'or', 'xor', 'one'] as const)('%s of one source is that source', op => {
  const to = Mem.ofSize(8)
  bitOp(op, [Span.of('hello')], to, 0)
  expect(to.u8.toString('latin1', 0, 5)).toBe('hello')
})

test('the same string may be a source twice', () => {
  const source = Span.of('hello')
  const to = Mem.copyOf(Buffer.alloc(8, 0xff))
  bitOp('xor', [source, source], to, 0)
  expect([...to.u8.subarray(0, 5)]).toEqual([0, 0, 0, 0, 0])
})

test('nothing but empty strings makes an empty string', () => {
  expect(bitOpLength([Span.of(''), Span.of('')])).toBe(0)
})
