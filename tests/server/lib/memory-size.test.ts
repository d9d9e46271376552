import { expect, test } from 'vitest'
import { formatMemorySize, parseMemorySize } from '../../../server/lib/memory-size.js'

test.each([
  ['100', 100],
  ['0', 0],
  ['', 0],
  ['100b', 100],
  ['1k', 1000],
  ['1kb', 1024],
  ['2M', 2_000_000],
  ['2Mb', 2 * 1024 ** 2],
  ['3g', 3e9],
  ['3GB', 3 * 1024 ** 3],
  ['gb', 0],
])('%j is %d bytes', (text, bytes) => {
  expect(parseMemorySize(text)).toBe(bytes)
})

test.each(['-1', '1.5gb', '1tb', '1 kb', ' 1', '1kbb', 'abc', '+1', '1e3', '1'.repeat(128)])(
  '%j is no size',
  text => {
    expect(parseMemorySize(text)).toBeNaN()
  },
)

test.each([
  [0, '0B'],
  [1023, '1023B'],
  [1024, '1.00K'],
  [1152, '1.12K'],
  [1048576, '1.00M'],
  [1_300_000, '1.24M'],
  [1024 ** 3 - 1, '1024.00M'],
  [1024 ** 3, '1.00G'],
  [1.5 * 1024 ** 4, '1.50T'],
  [1024 ** 5, '1.00P'],
])('%d bytes are shown as %s', (bytes, text) => {
  expect(formatMemorySize(bytes)).toBe(text)
})
