import { expect, test } from 'vitest'
import {
  openFilesLimit,
  simulatedProcess,
  statusBytes,
  threadCpuTime,
} from '../../../server/lib/process-facts.js'

test('resident memory is read from /proc/self/status', () => {
  const status = 'Name:\tnode\nVmRSS:\t   45678 kB\nRssAnon:\t   12345 kB\nRssFile:\t       0 kB\n'
  expect(statusBytes(status, 'RssAnon')).toBe(12345 * 1024)
  expect(statusBytes(status, 'RssFile')).toBe(0)
  expect(statusBytes(status, 'RssShmem')).toBe(0)
  expect(statusBytes('', 'RssAnon')).toBe(0)
})

test('CPU time is read from a stat line, whatever the program is called', () => {
  const stat = '42 (a) b (c)) R 1 1 1 0 -1 4194560 2000 0 1 0 123 45 0 0 20 0 11 0 5000'
  expect(threadCpuTime(stat)).toEqual({ userUs: 1_230_000, systemUs: 450_000 })
  expect(threadCpuTime('')).toEqual({ userUs: 0, systemUs: 0 })
})

test('the limit of open files is the soft one', () => {
  const line = (soft: string): string =>
    `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft} 524288 files\n`
  expect(openFilesLimit(line('1024'))).toBe(1024)
  expect(openFilesLimit(line('unlimited'))).toBe(Infinity)
  expect(openFilesLimit('')).toBe(Infinity)
})

test('a simulated process is what a test makes it', () => {
  const facts = simulatedProcess({ pid: 7, rssBytes: () => 123 })
  expect([facts.pid, facts.rssBytes()]).toEqual([7, 123])
})
