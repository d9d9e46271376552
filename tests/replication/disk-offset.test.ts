import { expect, test } from 'vitest'
import { DiskOffset } from '../../replication/disk-offset.js'

test('what was logged up to a synced position is safe', () => {
  const disk = new DiskOffset()
  expect(disk.advance({ appended: 100, synced: 0 }, 1000)).toBe(0)
  expect(disk.advance({ appended: 200, synced: 150 }, 2000)).toBe(1000)
  expect(disk.advance({ appended: 300, synced: 300 }, 3000)).toBe(3000)
})

test('a history that moves on without anything to log is safe as well', () => {
  const disk = new DiskOffset()
  disk.advance({ appended: 100, synced: 100 }, 1000)
  expect(disk.advance({ appended: 100, synced: 100 }, 1014)).toBe(1014)
})

test('however long the disk takes, the marks stay few and are never ahead of it', () => {
  const disk = new DiskOffset()
  for (let at = 1; at <= 1000; at++) disk.advance({ appended: at, synced: 0 }, at * 10)
  expect(disk.advance({ appended: 1001, synced: 15 }, 10_010)).toBe(150)
  expect(disk.advance({ appended: 1002, synced: 1002 }, 10_020)).toBe(10_020)
})
