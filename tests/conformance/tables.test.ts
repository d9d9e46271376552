import { expect, it } from 'vitest'
import { stableName } from './stable-name.js'
import { formatTable, parseTable, readTables } from './tables.js'
import { acceptanceUnits } from './units.js'

it('reads back what it wrote', () => {
  const rows = [
    ['unit/x', 'a "quoted" name'],
    ['unit/x', '[brackets] & °'],
  ]
  expect(parseTable(formatTable(['unit', 'name'], rows))).toEqual(rows)
})

it('keeps a cell on its line', () => {
  expect(formatTable(['a'], [['one\ntwo\tthree']])).toBe('a\none two three\n')
})

it('finds the committed tables in agreement with each other', () => {
  const { baseline, baselineTests, ratchet, exceptions } = readTables(import.meta.dirname)
  for (const { unit, ok } of baseline) {
    const listed = baselineTests.filter(test => test.unit === unit && test.status === 'ok')
    expect([unit, listed.length]).toEqual([unit, ok])
  }
  const units = new Set(baseline.map(row => row.unit))
  for (const { name } of [...baselineTests, ...ratchet, ...exceptions]) expect(stableName(name)).toBe(name)
  for (const { unit } of [...ratchet, ...exceptions]) expect(units).toContain(unit)
  for (const unit of acceptanceUnits) expect(units).toContain(unit)
})
