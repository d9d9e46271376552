import { expect, test } from 'vitest'
import { xxh3 } from '../../../server/lib/xxh3.js'

/** Hashes by libxxhash 0.8.1 of the bytes (31 i + 7) mod 251, i = 0 ... length - 1. */
const VECTORS: [number, string][] = [
  [0, '2d06800538d394c2'],
  [1, '4c5cca45d0f4811f'],
  [3, '15f7093b173d005c'],
  [4, 'dca012f95811b6b9'],
  [8, 'dec6a9a43575982e'],
  [9, '15e553b97e27735d'],
  [16, 'a7683b861e585aa6'],
  [17, '637c1aa907698945'],
  [32, 'fb0a38fb3af32306'],
  [64, 'a1688ef0a48a39d4'],
  [96, 'd1a35000054a80d5'],
  [128, '6d0f64c82ddaad27'],
  [129, 'eaf3fc97c05f44f3'],
  [160, '5d0db460fb60ed98'],
  [200, 'f4b54cdc82f20685'],
  [239, '1e645342febb13c1'],
  [240, '22f28cbbfaf0447f'],
  [241, '07525dbc14902c7f'],
  [256, 'a49b06aa88ab05e1'],
  [512, '6abf1d9f4b155d16'],
  [1024, 'e2898655db7bc9ee'],
  [1025, '134c652ba3d6fb9e'],
  [1088, '33aefff80de9aa91'],
  [2048, '63a78a59658d80f4'],
  [2049, '0bfdaada21607d33'],
  [4096, '04a1779c9e7ddcd7'],
  [10000, '6678c74cd91c57be'],
]

function hex(hash: bigint): string {
  return hash.toString(16).padStart(16, '0')
}

test('the digest in the documentation of DIGEST', () => {
  expect(hex(xxh3(Buffer.from('Hello world')))).toBe('b6acb9d84a38ff74')
})

test.each(VECTORS)('%i bytes', (length, expected) => {
  const bytes = Buffer.from(Array.from({ length: length + 3 }, (_, i) => (31 * (i - 3) + 7 + 251) % 251))
  expect(hex(xxh3(bytes, 3, length))).toBe(expected)
  expect(hex(xxh3(bytes.subarray(3)))).toBe(expected)
})
