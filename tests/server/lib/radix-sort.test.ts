import { expect, test } from 'vitest'
import { Span } from '../../../server/lib/bytes.js'
import { Gathered } from '../../../server/lib/gathered.js'
import { orderOfNumbers, sortByBytes } from '../../../server/lib/radix-sort.js'
import { type Random, seededRandom } from '../../../server/lib/random.js'

const random = seededRandom(7)
const SIZES = [0, 1, 2, 63, 64, 65, 1000, 20_000]

function numbersOf(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw)
}

const draws: Readonly<Record<string, () => number>> = {
  'small integers': () => random.below(100) - 50,
  'large integers': () => (random.below(2 ** 31) - 2 ** 30) * 2 ** 22 + random.below(1000),
  fractions: () => (random.below(1_000_000) - 500_000) / 7,
  'all magnitudes': () => (random.below(2) - 0.5) * 10 ** (random.below(600) - 300),
  'the special ones': () => [0, -0, Infinity, -Infinity, 1, -1, 5e-324, -5e-324][random.below(8)],
}

for (const [name, draw] of Object.entries(draws)) {
  test(`numbers are put in order, equals as they stood: ${name}`, () => {
    for (const size of SIZES) {
      const numbers = numbersOf(size, draw)
      const expected = numbers.map((_, i) => i).sort((a, b) => compare(numbers[a], numbers[b]) || a - b)
      expect([...orderOfNumbers(Float64Array.from(numbers))]).toEqual(expected)
    }
  })
}

const texts: Readonly<Record<string, (random: Random) => string>> = {
  'a few letters': () => 'ab\0\xff'.charAt(random.below(4)).repeat(random.below(8)),
  'any bytes': () =>
    Array.from({ length: random.below(20) }, () => random.below(256))
      .map(toChar)
      .join(''),
  'one prefix': () => `an element with a long name:${random.below(5000)}`,
  'prefixes of each other': () => 'x'.repeat(random.below(300)),
}

for (const [name, draw] of Object.entries(texts)) {
  test(`byte strings are put in memcmp order, equals as they stood: ${name}`, () => {
    for (const size of SIZES) {
      const strings = Array.from({ length: size }, () => draw(random))
      const gathered = new Gathered()
      for (const each of strings) gathered.add(Span.of(each))
      const order = new Uint32Array(size).map((_, i) => i)
      sortByBytes(gathered, order)
      const expected = strings.map((_, i) => i).sort((a, b) => compare(strings[a], strings[b]) || a - b)
      expect([...order]).toEqual(expected)
    }
  })
}

test('gathered strings are those that were added, also the empty ones', () => {
  const strings = Array.from({ length: 3000 }, (_, i) => 'abc'.repeat(i % 50))
  const gathered = new Gathered()
  for (const each of strings) gathered.add(Span.of(each))
  const span = Span.of('')
  expect(strings.map((_, i) => gathered.view(i, span).latin1())).toEqual(strings)
  expect(gathered.bytes).toBe(strings.join('').length)
})

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const toChar = (byte: number): string => String.fromCharCode(byte)
