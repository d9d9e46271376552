import { describe, expect, test } from 'vitest'
import { begun, type History, renamed } from '../../replication/history.js'
import { partingPoint, readKnown } from '../../replication/parting.js'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const C = 'c'.repeat(40)
const D = 'd'.repeat(40)

const a = begun(A)
/** It followed A up to 900, then went on as B. */
const b = renamed(a, B, 900)
/** It followed B up to 1000, then went on as C, and does not remember A. */
const c = renamed(b, C, 1000)

type Row = readonly [
  ours: History,
  offset: number,
  theirs: History,
  theirOffset: number,
  common: number | null,
]

const rows: readonly Row[] = [
  // The old master wrote on after its replica was promoted.
  [a, 1047, b, 1200, 900],
  // It did not: nothing is unseen.
  [a, 900, b, 1200, 900],
  [a, 850, b, 1200, 850],
  // Its replica was never promoted and is behind.
  [a, 1047, a, 700, 700],
  // Both were promoted, from the same master.
  [renamed(a, D, 950), 1300, b, 1200, 900],
  // We were promoted, and follow the old master, which wrote on.
  [b, 1200, a, 1047, 900],
  // Two failovers: the name that we know is forgotten there.
  [a, 1047, c, 1500, null],
  [b, 1100, c, 1500, 1000],
  [a, 1047, begun(C), 10, null],
]

describe('where histories part', () => {
  test.each(rows)('%o at %i, %o at %i: %s', (ours, offset, theirs, theirOffset, common) => {
    const point = partingPoint({ history: ours, offset }, { history: theirs, offset: theirOffset })
    expect(point).toBe(common)
  })
})

test('INFO replication tells what a server knows', () => {
  const lines = [
    '# Replication',
    'role:master',
    `master_replid:${B}`,
    `master_replid2:${A}`,
    'master_repl_offset:1200',
    'second_repl_offset:901',
  ]
  expect(readKnown(lines)).toEqual({ history: b, offset: 1200 })
  expect(readKnown([`master_replid:${A}`, 'master_repl_offset:7', 'second_repl_offset:-1'])).toEqual({
    history: a,
    offset: 7,
  })
  expect(readKnown(['-NOPERM no'])).toBe(null)
})
