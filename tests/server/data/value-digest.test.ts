import { expect, test } from 'vitest'
import { ValueDigest } from '../../../server/data/value-digest.js'

const bytes = (text: string): Buffer => Buffer.from(text)

function digest(tell: (digest: ValueDigest) => void): string {
  const made = new ValueDigest()
  tell(made)
  return made.hex
}

test('nothing digests to zeros', () => {
  expect(digest(() => undefined)).toBe('0'.repeat(40))
})

test('the order of ordered elements counts', () => {
  const ab = digest(one => [one.ordered(bytes('a')), one.ordered(bytes('b'))])
  const ba = digest(one => [one.ordered(bytes('b')), one.ordered(bytes('a'))])
  expect(ab).not.toBe(ba)
})

test('the order of unordered elements does not', () => {
  const ab = digest(one => [one.unordered(bytes('a'), bytes('1')), one.unordered(bytes('b'), bytes('2'))])
  const ba = digest(one => [one.unordered(bytes('b'), bytes('2')), one.unordered(bytes('a'), bytes('1'))])
  expect(ab).toBe(ba)
})

test('parts are told apart', () => {
  expect(digest(one => one.unordered(bytes('ab'), bytes('c')))).not.toBe(
    digest(one => one.unordered(bytes('a'), bytes('bc'))),
  )
})
