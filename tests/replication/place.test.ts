import { describe, expect, test } from 'vitest'
import { begun, renamed } from '../../replication/history.js'
import { readPlace, reaches, writePlace } from '../../replication/place.js'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const C = 'c'.repeat(40)

const plain = begun(A)
/** It followed A up to 300, then went on as B. */
const promoted = renamed(plain, B, 300)

type Row = readonly [history: typeof plain, applied: number, replid: string, offset: number, verdict: string]

const rows: readonly Row[] = [
  [plain, 100, A, 100, 'yes'],
  [plain, 100, A, 99, 'yes'],
  [plain, 100, A, 101, 'not yet'],
  [plain, 0, A, 0, 'yes'],
  // The name may be one that the link will bring.
  [plain, 500, B, 100, 'not yet'],
  [promoted, 400, B, 400, 'yes'],
  [promoted, 400, B, 401, 'not yet'],
  [promoted, 400, A, 300, 'yes'],
  [promoted, 200, A, 300, 'not yet'],
  [promoted, 400, A, 301, 'never'],
  [promoted, 400, C, 1, 'not yet'],
]

describe('whether a place is reached', () => {
  test.each(rows)('%o at %i: %s:%i: %s', (history, applied, replid, offset, verdict) => {
    expect(reaches(history, applied, { replid, offset })).toBe(verdict)
  })
})

test('a place is written as it is read', () => {
  expect(readPlace(writePlace({ replid: A, offset: 42 }), B)).toEqual({ replid: A, offset: 42 })
  expect(readPlace('42', B)).toEqual({ replid: B, offset: 42 })
  for (const wrong of ['', 'x', '-1', ':1', `${A}:`, `${A}:-1`, 'abc:1', `${A}:1:1`, '9'.repeat(16)])
    expect(readPlace(wrong, B)).toBe(null)
})
