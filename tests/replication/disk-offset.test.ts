import { expect, test } from 'vitest'
import { DiskOffset, type LogProgress } from '../../replication/disk-offset.js'

let log: LogProgress | null = null

function onDisk(): DiskOffset {
  return new DiskOffset(() => log)
}

/** What is told of the history at `offset` when the file is so far. */
function tell(disk: DiskOffset, offset: number, appended: number, synced: number): number | null {
  log = { appended, synced }
  return disk.advance(offset)
}

test('what was logged up to a synced position is safe', () => {
  const disk = onDisk()
  expect(tell(disk, 1000, 100, 0)).toBe(0)
  expect(tell(disk, 2000, 200, 150)).toBe(1000)
  expect(tell(disk, 3000, 300, 300)).toBe(3000)
})

test('a history that moves on without anything to log is safe as well', () => {
  const disk = onDisk()
  tell(disk, 1000, 100, 100)
  expect(tell(disk, 1014, 100, 100)).toBe(1014)
})

test('without a file nothing is told', () => {
  const disk = onDisk()
  log = null
  expect(disk.advance(1000)).toBeNull()
  disk.ask(1000)
  expect(disk.owes(1000)).toBe(false)
})

test('however long the disk takes, the marks are never ahead of it, and little behind', () => {
  const disk = onDisk()
  for (let at = 1; at <= 10_000; at++) tell(disk, at * 10, at, 0)
  const safe = tell(disk, 100_010, 10_001, 5000)
  expect(safe).toBeLessThanOrEqual(50_000)
  expect(safe).toBeGreaterThan(49_000)
  expect(tell(disk, 100_020, 10_002, 10_002)).toBe(100_020)
})

test('only who has asked is told between the seconds, and only when more is safe', () => {
  const disk = onDisk()
  tell(disk, 1000, 100, 0)
  log = { appended: 100, synced: 50 }
  expect(disk.owes(1000)).toBe(false)
  disk.ask(1000)
  expect(disk.owes(1000)).toBe(false)
  log = { appended: 100, synced: 100 }
  expect(disk.owes(1000)).toBe(true)
  expect(disk.advance(1000)).toBe(1000)
  expect(disk.owes(1000)).toBe(false)
})
