import { describe, expect, test } from 'vitest'
import { begun, judge, NO_REPLID, renamed, type Verdict } from '../../replication/history.js'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const C = 'c'.repeat(40)
const kept = { start: 100, end: 500 }

const plain = begun(A)
/** It followed A up to 300, then went on as B. */
const promoted = renamed(plain, B, 300)

type Row = readonly [history: typeof plain, replid: string, offset: number, verdict: Verdict]

const rows: readonly Row[] = [
  [plain, A, 500, 'continue'],
  [plain, A, 100, 'continue'],
  [plain, A, 99, 'gone'],
  [plain, A, 501, 'gone'],
  [plain, C, 200, 'other history'],
  [plain, '?', -1, 'other history'],
  [plain, NO_REPLID, 0, 'other history'],
  [promoted, B, 500, 'continue'],
  [promoted, A, 300, 'continue'],
  [promoted, A, 150, 'continue'],
  [promoted, A, 301, 'parted'],
  [promoted, A, 50, 'gone'],
  [promoted, C, 300, 'other history'],
]

describe('a replica that asks to go on', () => {
  test.each(rows)('%o: %s at %i is told: %s', (history, replid, offset, verdict) => {
    expect(judge(history, kept, { replid, offset })).toBe(verdict)
  })

  test('cannot when nothing is kept', () => {
    expect(judge(plain, null, { replid: A, offset: 0 })).toBe('gone')
  })
})

test('only the last name is remembered', () => {
  const twice = renamed(promoted, C, 400)
  expect(judge(twice, kept, { replid: B, offset: 400 })).toBe('continue')
  expect(judge(twice, kept, { replid: A, offset: 300 })).toBe('other history')
})
