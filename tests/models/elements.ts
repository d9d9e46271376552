import type { Random } from '../../server/lib/random.js'

/** From which seed a model test draws. */
export const MODEL_SEED = Number(process.env.MODEL_SEED ?? 1)

/** Around every limit of an encoding. */
const INTEGER_LIMITS = [
  0n,
  127n,
  128n,
  4095n,
  4096n,
  2n ** 15n,
  2n ** 23n,
  2n ** 31n,
  2n ** 32n,
  2n ** 53n,
  2n ** 63n,
]
const TEXT_LIMITS = [0, 63, 64, 127, 4095, 4096]
const LONG_TEXT_LIMITS = [16377, 16378, 16379, 16383]

/** Not integers, although they look like some. */
export const NEARLY_INTEGERS = [
  '',
  '-',
  '+1',
  '-0',
  '01',
  '-01',
  ' 1',
  '1 ',
  '1.0',
  '1e3',
  '0x10',
  '9223372036854775808',
  '-9223372036854775809',
  '18446744073709551616',
  '99999999999999999999',
  '12345678901234567a',
  '123456789x12345678',
  '0000000000000000001',
  '--1234567890123456',
]

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)]
}

export function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value
}

/** Any int64, often one at a limit, often one of few. */
export function randomInt64(random: Random): bigint {
  const sign = random.below(2) === 0 ? 1n : -1n
  switch (random.below(4)) {
    case 0:
      return sign * BigInt(random.below(20))
    case 1:
      return BigInt.asIntN(64, sign * (pick(random, INTEGER_LIMITS) + BigInt(random.below(5) - 2)))
    case 2:
      return sign * BigInt(random.uint32() >>> random.below(32))
    default:
      return BigInt.asIntN(64, random.bytes(8).readBigInt64LE() >> BigInt(random.below(64)))
  }
}

/** Any element, as latin1 text: integers, what only looks like one, and bytes of every length that matters. */
export function randomElement(random: Random): string {
  const kind = random.below(100)
  if (kind < 50) return String(randomInt64(random))
  if (kind < 60) return pick(random, NEARLY_INTEGERS)
  if (kind < 85) return random.bytes(random.below(12)).toString('latin1')
  const limits = kind < 99 ? TEXT_LIMITS : LONG_TEXT_LIMITS
  const length = Math.max(0, pick(random, limits) + random.below(5) - 2)
  return random.bytes(length).toString('latin1')
}
