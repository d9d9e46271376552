import { expect, test } from 'vitest'
import { Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { Element } from '../../../server/memory/element.js'
import { NEARLY_INTEGERS, randomInt64 } from '../../models/elements.js'

const wordsOf = (value: bigint): [number, number] => [
  Number(BigInt.asIntN(32, value >> 32n)),
  Number(BigInt.asIntN(32, value)),
]

test('the text of every int64 is its integer, and its integer that text', () => {
  const random = seededRandom(1)
  const parsed = new Element()
  const printed = new Element()
  for (let i = 0; i < 20_000; i++) {
    const value = randomInt64(random)
    parsed.set(Span.of(String(value)))
    expect([parsed.isInteger, parsed.high, parsed.low]).toEqual([true, ...wordsOf(value)])
    expect(parsed.number()).toBe(Number(value))
    printed.setInteger(parsed.high, parsed.low)
    expect(printed.span().latin1()).toBe(String(value))
    expect(printed.equals(parsed)).toBe(true)
  }
})

test.each(NEARLY_INTEGERS)('%j is no integer', text => {
  const element = new Element().set(Span.of(text))
  expect(element.isInteger).toBe(false)
  expect(element.span().latin1()).toBe(text)
})

test('a number is taken as its integer', () => {
  const element = new Element()
  for (const value of [0, -0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER]) {
    expect(element.setNumber(value).span().latin1()).toBe(String(value))
    expect([element.high, element.low]).toEqual(wordsOf(BigInt(value)))
  }
})

test('elements are equal when their bytes are', () => {
  const a = new Element()
  const b = new Element()
  expect(a.set(Span.of('abc')).equals(b.set(Span.of('abc')))).toBe(true)
  expect(a.set(Span.of('abc')).equals(b.set(Span.of('abd')))).toBe(false)
  expect(a.set(Span.of('12')).equals(b.setNumber(12))).toBe(true)
  expect(a.set(Span.of('012')).equals(b.setNumber(12))).toBe(false)
  const text = Span.of('12')
  expect(a.setText(text.mem, text.start, text.length).equals(b.setNumber(12))).toBe(true)
})

test('an element can be aimed again and forgets what it was', () => {
  const element = new Element().setNumber(7)
  expect(element.span().latin1()).toBe('7')
  expect(element.set(Span.of('x')).isInteger).toBe(false)
  expect(element.span().latin1()).toBe('x')
  expect(element.setInteger(0, 8).span().latin1()).toBe('8')
})
