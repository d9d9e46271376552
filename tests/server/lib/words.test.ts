import { expect, test } from 'vitest'
import { seededRandom } from '../../../server/lib/random.js'
import { quoteWord, splitWords } from '../../../server/lib/words.js'

test.each<[string, string[]]>([
  ['', []],
  ['  \t ', []],
  ['set foo bar', ['set', 'foo', 'bar']],
  ['  set \t foo\r\n', ['set', 'foo']],
  ['"" \'\'', ['', '']],
  ['set "a b" \'c d\'', ['set', 'a b', 'c d']],
  ['"\\x41\\n\\r\\t\\b\\a\\"\\\\\\q"', ['A\n\r\t\b\x07"\\q']],
  ['"\\xzz\\x4"', ['xzzx4']],
  ["'it\\'s' 'a\\nb'", ["it's", 'a\\nb']],
  ['foo"bar baz" x', ['foobar baz', 'x']],
  ['a\\x41', ['a\\x41']],
  ['\xe9\xff', ['\xe9\xff']],
  ['a\0b', ['a']],
  ['a\vb \vc', ['a\vb', 'c']],
  ['"a"\vb', ['a', 'b']],
])('%j splits into %j', (line, words) => {
  expect(splitWords(line)).toEqual(words)
  expect(splitWords(Buffer.from(line, 'latin1'))).toEqual(words)
})

test.each(['"', "'", '"foo', "'foo", '"foo"bar', "'foo'bar", 'x "a\\', 'a"b"c', '"a\0"', "'a\\'"])(
  '%j is unbalanced',
  line => {
    expect(splitWords(line)).toBeNull()
  },
)

test.each([
  ['', '""'],
  ['foo', '"foo"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['\n\r\t\x07\b', '"\\n\\r\\t\\a\\b"'],
  ['\0\x1f\x7f\x80\xff', '"\\x00\\x1f\\x7f\\x80\\xff"'],
  [' ~', '" ~"'],
])('%j is quoted as %s', (text, quoted) => {
  expect(quoteWord(text)).toBe(quoted)
  expect(quoteWord(Buffer.from(text, 'latin1'))).toBe(quoted)
})

test('whatever is quoted is read back', () => {
  const random = seededRandom(16)
  for (let i = 0; i < 1000; i++) {
    const words = Array.from({ length: random.below(5) }, () => random.bytes(random.below(12)))
    const line = words.map(quoteWord).join(' ')
    expect(splitWords(line)).toEqual(words.map(word => word.toString('latin1')))
  }
})
