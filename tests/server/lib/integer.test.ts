import { describe, expect, test } from 'vitest'
import { Span } from '../../../server/lib/bytes.js'
import {
  integerLength,
  parseInt64,
  parseInteger,
  parseUint64,
  writeInteger,
} from '../../../server/lib/integer.js'
import { seededRandom } from '../../../server/lib/random.js'

const NOT_STRICT = [
  '',
  '-',
  '+1',
  '01',
  '-0',
  '-01',
  '00',
  ' 1',
  '1 ',
  '1.0',
  '1e3',
  '0x1',
  'a',
  '1\0',
  '--1',
]

function written(n: number): string {
  const u8 = Buffer.alloc(24)
  return u8.latin1Slice(2, writeInteger(n, u8, 2))
}

/** Any safe integer, all lengths equally likely. */
function* safeIntegers(count: number): Generator<number> {
  const random = seededRandom(1)
  for (let i = 0; i < count; i++) {
    const size = Math.floor(random.float() * 2 ** random.below(54))
    yield random.below(2) === 0 ? size : 0 - size
  }
}

describe('parseInteger', () => {
  test.each(['0', '7', '-7', '10', '9007199254740991', '-9007199254740991'])('reads %s', text => {
    expect(parseInteger(Span.of(text))).toBe(Number(text))
  })

  test.each(NOT_STRICT)('refuses %j', text => {
    expect(parseInteger(Span.of(text))).toBeNaN()
    expect(parseInt64(Span.of(text))).toBeNull()
  })

  test('refuses what is beyond the safe range', () => {
    for (const text of ['9007199254740992', '-9007199254740992', '9999999999999999', '10000000000000000']) {
      expect(parseInteger(Span.of(text))).toBeNaN()
    }
  })

  test('reads no byte outside the span', () => {
    expect(parseInteger(new Span(Span.of('123456').mem, 1, 2))).toBe(23)
    expect(parseInteger(new Span(Span.of('-5').mem, 0, 1))).toBeNaN()
  })
})

describe('parseInt64', () => {
  test.each(['9223372036854775807', '-9223372036854775808', '9007199254740992', '0', '-1'])(
    'reads %s',
    text => {
      expect(parseInt64(Span.of(text))).toBe(BigInt(text))
    },
  )

  test.each(['9223372036854775808', '-9223372036854775809', '18446744073709551616', '123456789012345678901'])(
    'refuses %s',
    text => {
      expect(parseInt64(Span.of(text))).toBeNull()
    },
  )
})

describe('parseUint64', () => {
  test.each([
    ['0', 0n],
    ['', 0n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['-1', 2n ** 64n - 1n],
    ['-18446744073709551615', 1n],
    ['+5', 5n],
    ['007', 7n],
    ['-0', 0n],
  ])('reads %j as strtoull does', (text, value) => {
    expect(parseUint64(Span.of(text))).toBe(value)
  })

  test.each(['abc', '-', '+', ' 5', '5 ', '5x', '0x5', '18446744073709551616', '-18446744073709551616'])(
    'refuses %j',
    text => {
      expect(parseUint64(Span.of(text))).toBeNull()
    },
  )
})

test('a minus alone is no integer, whatever byte stands behind it', () => {
  const { mem } = Span.of('-0')
  expect(parseInteger(new Span(mem, 0, 1))).toBeNaN()
})

describe('writeInteger', () => {
  test('writes the digits that String writes, and integerLength counts them', () => {
    for (const n of safeIntegers(20_000)) {
      expect(written(n)).toBe(String(n))
      expect(integerLength(n)).toBe(String(n).length)
      expect(parseInteger(Span.of(String(n)))).toBe(n)
    }
  })

  test('is right next to every power of ten and of two', () => {
    const bases = [...Array(16).keys()].flatMap(power => [10 ** power, 2 ** (power * 3)])
    const near = bases.flatMap(base => [base - 1, base, base + 1, -base, 1e8 * base - 1])
    for (const n of [...near, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 31, 2 ** 31 - 1]) {
      if (!Number.isSafeInteger(n)) continue
      expect(written(n)).toBe(BigInt(n).toString())
      expect(integerLength(n)).toBe(BigInt(n).toString().length)
    }
  })
})
