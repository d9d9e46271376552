import { expect, test } from 'vitest'
import { copyBytes, Mem, Scratch, Span, zeroBytes } from '../../../server/lib/bytes.js'

const BYTES = 1400
const LENGTHS = [...Array.from({ length: 70 }, (_, length) => length), 99, 100, 256, 511, 512, 600]

function numbered(): Mem {
  const mem = Mem.ofSize(BYTES)
  for (let i = 0; i < BYTES; i++) mem.u8[i] = (i * 31 + 7) & 255
  return mem
}

test.each([0, 1, 3, 17])('copyBytes copies just these bytes between memories, from %i bytes on', start => {
  const from = numbered()
  for (const length of LENGTHS) {
    const to = Mem.ofSize(BYTES)
    copyBytes(to, start + 2, from, start, length)
    const expected = Buffer.alloc(BYTES)
    from.u8.copy(expected, start + 2, start, start + length)
    expect(Buffer.compare(to.u8, expected)).toBe(0)
  }
})

test.each([-40, -16, -5, -4, -3, -1, 0, 1, 2, 4, 15, 33, 601])(
  'copyBytes moves bytes within a memory by %i',
  by => {
    for (const length of LENGTHS) {
      const mem = numbered()
      const expected = Buffer.from(mem.u8)
      expected.copyWithin(50 + by, 50, 50 + length)
      copyBytes(mem, 50 + by, mem, 50, length)
      expect(Buffer.compare(mem.u8, expected)).toBe(0)
    }
  },
)

test.each([0, 1, 8, 600])('zeroBytes makes zeros of %i bytes and of no others', length => {
  const mem = numbered()
  const expected = Buffer.from(mem.u8)
  expected.fill(0, 3, 3 + length)
  zeroBytes(mem, 3, 3 + length)
  expect(Buffer.compare(mem.u8, expected)).toBe(0)
})

test('the first bytes of a memory are a view of it, the same one as long as the length is the same', () => {
  const mem = numbered()
  const five = mem.first(5)
  expect([...five]).toEqual([...mem.u8.subarray(0, 5)])
  expect(mem.first(5)).toBe(five)
  expect(mem.first(6)).toHaveLength(6)
  mem.u8[0] = 200
  expect(mem.first(6)[0]).toBe(200)
})

test('a scratch holds a copy of the last run of bytes, whatever became of the original', () => {
  const scratch = new Scratch()
  for (const length of [3, 0, 1000, 5]) {
    const original = Span.of('x'.repeat(length))
    const copy = scratch.copyOf(original)
    original.mem.u8.fill(0)
    expect(copy.latin1()).toBe('x'.repeat(length))
  }
})
