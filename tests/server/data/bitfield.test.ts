import { describe, expect, test } from 'vitest'
import {
  fitted,
  increased,
  readField,
  writeField,
  type FieldType,
  type Int,
  type Overflow,
} from '../../../server/data/bitfield.js'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'

const POLICIES: readonly Overflow[] = ['wrap', 'sat', 'fail']

function type(text: string): FieldType {
  return { signed: text[0] === 'i', bits: Number(text.slice(1)) }
}

const ALL_TYPES = [
  ...Array.from({ length: 64 }, (_, i) => type(`i${i + 1}`)),
  ...Array.from({ length: 63 }, (_, i) => type(`u${i + 1}`)),
]

function nameOf({ signed, bits }: FieldType): string {
  return `${signed ? 'i' : 'u'}${bits}`
}

/** The model does everything in BigInt. */
function range({ signed, bits }: FieldType): [min: bigint, max: bigint] {
  return signed ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n] : [0n, (1n << BigInt(bits)) - 1n]
}

function modelFit(field: FieldType, value: bigint, overflow: Overflow): bigint | null {
  const [min, max] = range(field)
  if (value >= min && value <= max) return value
  if (overflow === 'fail') return null
  if (overflow === 'sat') return value < min ? min : max
  return field.signed ? BigInt.asIntN(field.bits, value) : BigInt.asUintN(field.bits, value)
}

/** A number wherever it is exact, as the module promises. */
function int(value: bigint): Int {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function expectInt(actual: Int | null, expected: bigint | null): void {
  expect(actual).toBe(expected === null ? null : int(expected))
}

/** An int64, often near a power of two, where mistakes live. */
function randomInt64(random: Random): bigint {
  const near = 1n << BigInt(random.below(64))
  const wide = (BigInt(random.uint32()) << 32n) | BigInt(random.uint32())
  const value = [wide, near, near - 1n, near + 1n, BigInt(random.below(5))][random.below(5)]
  return BigInt.asIntN(64, random.below(2) === 0 ? value : -value)
}

describe('reading and writing', () => {
  test.each(ALL_TYPES.map(field => [nameOf(field), field] as const))('%s at any offset', (_name, field) => {
    const random = seededRandom(field.bits)
    for (let round = 0; round < 60; round++) {
      const offset = random.below(40)
      const mem = Mem.copyOf(random.bytes(24))
      const before = new Span(mem, 3, 16).clone()
      const [min, max] = range(field)
      const value = min + (BigInt.asUintN(64, randomInt64(random)) % (max - min + 1n))
      writeField(mem, 3, offset, field, int(value))
      const after = new Span(mem, 3, 16)
      expectInt(readField(after, offset, field), value)
      expect(bitsAround(after, offset, field.bits)).toBe(bitsAround(before, offset, field.bits))
    }
  })

  test('a field crosses bytes from the high bit down', () => {
    const mem = Mem.ofSize(8)
    writeField(mem, 0, 7, type('u5'), 23)
    expect([...mem.u8.subarray(0, 2)]).toEqual([0b00000001, 0b01110000])
  })

  test('bits beyond the end read as zeros', () => {
    const value = Span.of('\xff')
    expect(readField(value, 4, type('u8'))).toBe(0xf0)
    expect(readField(value, 4, type('i8'))).toBe(-16)
    expect(readField(value, 0, type('i64'))).toBe(-(2n ** 56n))
    expect(readField(value, 2 ** 33, type('u63'))).toBe(0)
    expect(readField(Span.of(''), 0, type('i1'))).toBe(0)
  })
})

function bitsAround(value: Span, offset: number, bits: number): string {
  const all = [...value.bytes()].map(byte => byte.toString(2).padStart(8, '0')).join('')
  return all.slice(0, offset) + '|' + all.slice(offset + bits)
}

describe('overflow', () => {
  test.each(POLICIES)('%s: increments agree with exact arithmetic', policy => {
    const random = seededRandom(3)
    for (let round = 0; round < 8000; round++) {
      const field = ALL_TYPES[random.below(ALL_TYPES.length)]
      const [min, max] = range(field)
      const before = min + (BigInt.asUintN(64, randomInt64(random)) % (max - min + 1n))
      const by = randomInt64(random)
      expectInt(increased(field, int(before), int(by), policy), modelFit(field, before + by, policy))
    }
  })

  test.each(POLICIES)('%s: SET of any int64 agrees with the model', policy => {
    const random = seededRandom(4)
    for (let round = 0; round < 8000; round++) {
      const field = ALL_TYPES[random.below(ALL_TYPES.length)]
      const value = randomInt64(random)
      const seen = field.signed ? value : BigInt.asUintN(64, value)
      expectInt(fitted(field, int(value), policy), modelFit(field, seen, policy))
    }
  })

  test('an unsigned field takes a negative value for a huge one', () => {
    expect(fitted(type('u8'), -1, 'sat')).toBe(255)
    expect(fitted(type('u8'), -1, 'wrap')).toBe(255)
    expect(fitted(type('u8'), -1, 'fail')).toBe(null)
    expect(increased(type('u8'), 0, -1, 'sat')).toBe(0)
  })
})
