import { describe, expect, test } from 'vitest'
import { bereaves, holdsKeys } from '../../replication/empty-master.js'
import { begun, renamed } from '../../replication/history.js'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const C = 'c'.repeat(40)

describe('the beginning of a snapshot tells whether there are keys', () => {
  const magic = 'REDIS0010'
  const aux = '\xfa\x09redis-ver\x067.0.15\xfa\x05ctime\xc2\x01\x02\x03\x04'
  const rows: readonly (readonly [what: string, opening: string, keys: boolean | null])[] = [
    ['nothing yet', '', null],
    ['the magic', magic, null],
    ['facts', magic + aux, null],
    ['the middle of a fact', (magic + aux).slice(0, -2), null],
    ['the end behind facts', `${magic}${aux}\xff12345678`, false],
    ['functions only', `${magic}${aux}\xf5\x03lib\xff`, false],
    ['a database that is empty', `${magic}${aux}\xfe\x00\xfb\x00\x00\xff`, false],
    ['a database with a key', `${magic}${aux}\xfe\x00\xfb\x01\x00\x00\x01k\x01v\xff`, true],
    ['a key with a time to live', `${magic}\xfe\x00\xfc12345678\x00\x01k\x01v`, true],
    ['no snapshot at all', `${magic}\xfa\xff\xff`, true],
  ]
  test.each(rows)('%s', (_, opening, keys) => {
    expect(holdsKeys(Buffer.from(opening, 'latin1'))).toBe(keys)
  })
})

test('an empty master of the same history may be empty, and who holds nothing has nothing to lose', () => {
  const history = renamed(begun(A), B, 300)
  expect(bereaves(history, 10, C)).toBe(true)
  expect(bereaves(history, 0, C)).toBe(false)
  expect(bereaves(history, 10, A)).toBe(false)
  expect(bereaves(history, 10, B)).toBe(false)
})
