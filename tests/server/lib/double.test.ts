import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Span } from '../../../server/lib/bytes.js'
import {
  formatDouble,
  formatFixed,
  formatScaled,
  parseDouble,
  writeDouble,
} from '../../../server/lib/double.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'
import { describeWithOracle, startOracle, type Oracle } from '../../support/oracle.js'

/** Any finite double: all bit patterns are equally likely. */
function anyDouble(random: Random): number {
  for (;;) {
    const value = random.bytes(8).readDoubleLE()
    if (Number.isFinite(value)) return value
  }
}

/** Numbers as people write them. */
function plainDouble(random: Random): number {
  const size = random.below(10 ** (1 + random.below(9))) / 10 ** random.below(10)
  return random.below(4) === 0 ? -size : size
}

describe('parseDouble', () => {
  test.each([
    ['0', 0],
    ['-0', -0],
    ['17', 17],
    ['3.25', 3.25],
    ['-0.5', -0.5],
    ['5.', 5],
    ['.5', 0.5],
    ['+1.5e3', 1500],
    ['1E-7', 1e-7],
    ['0.1', 0.1],
    ['179769313486231570000e288', 1.7976931348623157e308],
    ['4.9e-324', 5e-324],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['+INF', Infinity],
    ['0x1p3', 8],
    ['-0X.8', -0.5],
    ['0x1.8p-1', 0.75],
    ['0x1p-1074', 5e-324],
    ['0x1.8p-1075', 5e-324],
    ['0x1.fffffffffffff7p1023', 1.7976931348623157e308],
    ['0x1.00000000000008p0', 1],
    ['0x1.00000000000018p0', 1 + 2 ** -51],
    ['0e999999999', 0],
    ['9007199254740993', 9007199254740992],
  ])('reads %s', (text, value) => {
    expect(parseDouble(Span.of(text))).toBe(value)
  })

  test.each([
    '',
    '.',
    '-',
    '+',
    'e5',
    '1e',
    '1e+',
    '0x',
    '0x.',
    '0x1p',
    'nan',
    '-nan',
    'nan(1)',
    'infinit',
    ' 1',
    '1 ',
    '1_0',
    '1.2.3',
    '1,5',
    '1.5f',
    '1e400',
    '-1e400',
    '1e-400',
    '2e-324',
    '0x1p1024',
    '0x1p-1075',
    '--1',
    '1\0',
    '1e99999999999999999999',
    '0x1p99999999999999999999',
    'aa',
  ])('refuses %j', text => {
    expect(parseDouble(Span.of(text))).toBeNaN()
  })

  test('refuses a text longer than the buffer Redis has for it', () => {
    expect(parseDouble(Span.of('0'.repeat(5119)))).toBe(0)
    expect(parseDouble(Span.of('0'.repeat(5120)))).toBeNaN()
  })

  test('agrees with Number on whatever is printed', () => {
    const random = seededRandom(2)
    for (let i = 0; i < 20_000; i++) {
      const value = i % 2 === 0 ? anyDouble(random) : plainDouble(random)
      expect(parseDouble(Span.of(String(value)))).toBe(Number(String(value)))
    }
  })
})

describe('formatDouble', () => {
  test.each([
    [0, '0'],
    [-0, '-0'],
    [3, '3'],
    [-17.5, '-17.5'],
    [0.1, '0.1'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e15, '1000000000000000'],
    [2 ** 60, '1152921504606846976'],
    [2 ** 62, '4611686018427387904'],
    [1e19, '1e+19'],
    [-1e22, '-1e+22'],
    [2 ** 63, '9223372036854776000'],
    [1.2345678901234567e20, '123456789012345670000'],
    [1.2345678901234567e23, '123456789012345670000000'],
    [1.2345678901234568e24, '1.2345678901234568e+24'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [1e-7, '1e-7'],
    [0.000001, '0.000001'],
    [0.0000015, '1.5e-6'],
    [0.0001234, '1.234e-4'],
    [0.001234567, '0.001234567'],
    [1234.5678901, '1234.5678901'],
    [12345.678901234567, '1.2345678901234567e+4'],
    [123456.78, '123456.78'],
    [5e-324, '5e-324'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [NaN, 'nan'],
  ])('prints %d as %s', (value, text) => {
    expect(formatDouble(value)).toBe(text)
  })

  test('is read back as the same double, and written as it is printed', () => {
    const random = seededRandom(3)
    const u8 = Buffer.alloc(40)
    for (let i = 0; i < 20_000; i++) {
      const value = i % 2 === 0 ? anyDouble(random) : plainDouble(random)
      const text = formatDouble(value)
      expect(parseDouble(Span.of(text))).toBe(value)
      expect(u8.toString('latin1', 3, writeDouble(value, u8, 3))).toBe(text)
    }
  })
})

describe('the formats of C', () => {
  test.each([
    [1.125, 2, '1.12'],
    [1.375, 2, '1.38'],
    [0.5, 0, '0'],
    [-0.001, 2, '-0.00'],
    [1e22, 1, '10000000000000000000000.0'],
    [1.005, 2, '1.00'],
  ])('formatFixed(%d, %d) is %s: exact, ties to even', (value, decimals, text) => {
    expect(formatFixed(value, decimals)).toBe(text)
  })

  test.each([
    [0, 4, '0.0000'],
    [-0.00001, 4, '0.0000'],
    [6.0642951598391699e-5, 4, '0.0001'],
    [-0.01, 4, '-0.0100'],
    [10.01, 4, '10.0100'],
    [166274.1516, 4, '166274.1516'],
    [1.005, 2, '1.00'],
    [0.00045, 4, '0.0004'],
  ])('formatScaled(%d, %d) is %s', (value, decimals, text) => {
    expect(formatScaled(value, decimals)).toBe(text)
  })
})

describeWithOracle('doubles against redis-server', () => {
  let oracle: Oracle
  let redis: Redis

  beforeAll(async () => {
    oracle = await startOracle()
    redis = new Redis(oracle.port)
  })

  afterAll(async () => {
    redis.disconnect()
    await oracle.stop()
  })

  test('accepts the texts it accepts, with the same value', async () => {
    const random = seededRandom(5)
    const texts = Array.from({ length: 6000 }, () => numberLikeText(random))
    const calls = texts.map(async text => {
      const added = await redis.zadd('t:' + text, text, 'm').catch(() => null)
      return added === null ? null : valueOf(await redis.zscore('t:' + text, 'm'))
    })
    const ours = texts.map(text => {
      const value = parseDouble(Span.of(text))
      return Number.isNaN(value) ? null : value + 0
    })
    expect(await Promise.all(calls)).toEqual(ours)
  })
})

/** Of 17 digits, which are enough to tell any double from its neighbours. */
function valueOf(score: string | null): number {
  return Number(score?.replace('inf', 'Infinity'))
}

/** Short texts over the alphabet of numbers: about one in three is a number. */
function numberLikeText(random: Random): string {
  const pieces = [
    '0',
    '1',
    '7',
    '9',
    '.',
    '-',
    '+',
    'e',
    'E',
    'p',
    '0x',
    'inf',
    'nan',
    'f',
    '12',
    '.5',
    'e-3',
    'p4',
  ]
  return Array.from({ length: 1 + random.below(4) }, () => pieces[random.below(pieces.length)]).join('')
}
