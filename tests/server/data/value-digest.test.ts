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

test('the order of unordered elements does not, and that of the parts of one does', () => {
  const pair = (one: ValueDigest, field: string, value: string): void =>
    one.unorderedParts([bytes(field), bytes(value)])
  const both = digest(one => [pair(one, 'a', '1'), pair(one, 'b', '2')])
  expect(digest(one => [pair(one, 'b', '2'), pair(one, 'a', '1')])).toBe(both)
  expect(digest(one => [pair(one, '1', 'a'), pair(one, 'b', '2')])).not.toBe(both)
})

test('parts are told apart, and so is a mark', () => {
  const of = (parts: readonly string[], mark?: string): string =>
    digest(one => one.unorderedParts(parts.map(bytes), mark === undefined ? null : bytes(mark)))
  expect(of(['ab', 'c'])).not.toBe(of(['a', 'bc']))
  expect(of(['a', 'b'], 'mark')).not.toBe(of(['a', 'b']))
})
