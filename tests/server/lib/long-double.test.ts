import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  add,
  isFinite,
  isInfinite,
  isLess,
  isNaN,
  LARGEST,
  ONE,
  parseLongDouble,
  SMALLEST,
  subtract,
  toHuman,
  type LongDouble,
  ZERO,
} from '../../../server/lib/long-double.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'
import { describeWithOracle, startOracle, type Oracle } from '../../support/oracle.js'

function parsed(text: string): LongDouble {
  const value = parseLongDouble(text)
  if (value === null) throw new Error(`${text} is no long double`)
  return value
}

describe('long doubles', () => {
  test.each([
    ['0.1', '0.2', '0.3'],
    ['10.50', '0.1', '10.6'],
    ['5.0e3', '2.0e2', '5200'],
    ['3', '-1.5', '1.5'],
    ['1', '-1', '0'],
    ['-0', '-0', '0'],
    ['1e-18', '-3e-18', '0'],
    ['100', '0', '100'],
    ['17179869184', '1', '17179869185'],
    ['18446744073709551615', '1', '18446744073709551616'],
    ['18446744073709551616', '1', '18446744073709551616'],
    ['18446744073709551616', '3', '18446744073709551620'],
    ['0x1p3', '0x1p-1', '8.5'],
  ])('%s + %s is %s', (a, b, sum) => {
    expect(toHuman(add(parsed(a), parsed(b)))).toBe(sum)
  })

  test.each([
    '',
    'nan',
    ' 1',
    '1 ',
    'abc',
    '1e5000',
    '-1e5000',
    '1e-5000',
    '0x1p16384',
    '1e999999999999',
    '1.1.1',
  ])('%j is no long double', text => {
    expect(parseLongDouble(text)).toBeNull()
  })

  test('the smallest and the largest can be read', () => {
    expect(parsed('3.7e-4951')).toMatchObject({ mantissa: 1n, exponent: -16445 })
    expect(toHuman(parsed('1.1897314953572317e4932'))).toMatch(/^118973149535723170[0-9]{4915}$/)
  })

  test('infinity is read, added, and told apart', () => {
    const infinite = parsed('inf')
    expect(isInfinite(infinite)).toBe(true)
    expect(toHuman(add(infinite, parsed('1')))).toBe('inf')
    expect(toHuman(add(parsed('1'), parsed('-Infinity')))).toBe('-inf')
    expect(isNaN(add(infinite, parsed('-inf')))).toBe(true)
    expect(isFinite(infinite)).toBe(false)
  })

  test('numbers and infinities are ordered', () => {
    const ascending = ['-inf', '-1e4932', '-2', '-0.5', '0', '1e-4000', '0.5', '1', '1e4932', 'inf'].map(
      parsed,
    )
    for (const [i, a] of ascending.entries()) {
      for (const [j, b] of ascending.entries()) expect(isLess(a, b)).toBe(i < j)
    }
    const nan = add(parsed('inf'), parsed('-inf'))
    expect(isLess(nan, ONE) || isLess(ONE, nan)).toBe(false)
  })

  test('a difference is exact where the sum is', () => {
    expect(toHuman(subtract(parsed('42.5'), parsed('1.75')))).toBe('40.75')
    expect(toHuman(subtract(ONE, ONE))).toBe('0')
    expect(toHuman(subtract(ZERO, ONE))).toBe('-1')
  })

  test('nothing finite lies beyond the largest and the smallest', () => {
    expect(isFinite(LARGEST)).toBe(true)
    expect(toHuman(LARGEST).slice(0, 10)).toBe('1189731495')
    expect(isInfinite(add(LARGEST, LARGEST))).toBe(true)
    expect(isLess(SMALLEST, parsed('-1.18e4932'))).toBe(true)
  })

  test('a sum can overflow', () => {
    expect(isInfinite(add(parsed('1.18e4932'), parsed('1.18e4932')))).toBe(true)
  })
})

describeWithOracle('long doubles against redis-server', () => {
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

  /** What INCRBYFLOAT would do with the text of a key. */
  function incremented(text: string, by: string): string | null {
    const [a, b] = [parseLongDouble(text), parseLongDouble(by)]
    if (a === null || b === null) return null
    const sum = add(a, b)
    return isFinite(sum) ? toHuman(sum) : null
  }

  test('thousands of single INCRBYFLOATs give the same text', async () => {
    const random = seededRandom(6)
    const pairs = Array.from({ length: 5000 }, () => [numberText(random), numberText(random)])
    const theirs = pairs.map(([text, by]) => {
      void redis.set('k', text)
      return redis.incrbyfloat('k', by).catch(() => null)
    })
    expect(await Promise.all(theirs)).toEqual(pairs.map(([text, by]) => incremented(text, by)))
  })

  test('long sequences on one key stay together', async () => {
    const random = seededRandom(7)
    let ours = '0'
    void redis.set('k', ours)
    const replies: Promise<string>[] = []
    const expected: string[] = []
    for (let i = 0; i < 3000; i++) {
      const by = smallText(random)
      replies.push(redis.incrbyfloat('k', by))
      expected.push((ours = incremented(ours, by) ?? ours))
    }
    expect(await Promise.all(replies)).toEqual(expected)
  })
})

function sign(random: Random): string {
  return random.below(2) === 0 ? '' : '-'
}

function digits(random: Random, most: number): string {
  return Array.from({ length: 1 + random.below(most) }, () => random.below(10)).join('')
}

function smallText(random: Random): string {
  return `${sign(random)}${digits(random, 5)}.${digits(random, 8)}`
}

function numberText(random: Random): string {
  const plain = `${sign(random)}${digits(random, 25)}.${digits(random, 25)}`
  const kind = random.below(8)
  if (kind === 0) return `${plain}e${random.below(200) - 100}`
  if (kind === 1) return `${plain}e${random.below(10_000) - 5000}`
  if (kind === 2) return `${sign(random)}0x${random.hex(20)}.${random.hex(4)}p${random.below(200) - 100}`
  return kind === 3 ? smallText(random) : plain
}
