import { expect, test } from 'vitest'
import { infoField } from '../../../bench/server/info.js'
import { cpuTime, parseResident, parseStat, residentBytes } from '../../../bench/server/proc.js'

const rest = 'S 5168 5168 2263 0 -1 4194560 43056 0 0 0 100 129 0 0 20 0 5 0 57471 212230144 36825'

test('user and system time are read in ticks of ten milliseconds', () => {
  expect(parseStat(`5170 (redis-server) ${rest}`)).toEqual({ userUs: 1_000_000, systemUs: 1_290_000 })
})

test('a program may have blanks and parentheses in its name', () => {
  expect(parseStat(`5170 (a) b (c) 1 2) ${rest}`)).toEqual({ userUs: 1_000_000, systemUs: 1_290_000 })
})

test('resident memory is read in bytes', () => {
  expect(parseResident('VmHWM:\t  147652 kB\nVmRSS:\t  147000 kB\nVmData:\t1 kB\n')).toBe(147_000 * 1024)
  expect(() => parseResident('Name:\tzombie\n')).toThrow('VmRSS')
})

test.runIf(process.platform === 'linux')('a living process has both', () => {
  expect(cpuTime(process.pid).userUs).toBeGreaterThan(0)
  expect(residentBytes(process.pid)).toBeGreaterThan(1 << 20)
})

test('a field of INFO is found by its whole name', () => {
  const info = '# Memory\r\nused_memory_rss:9\r\nused_memory:7\r\nexecutable:/a:b\r\n'
  expect(infoField(info, 'used_memory')).toBe('7')
  expect(infoField(info, 'executable')).toBe('/a:b')
  expect(infoField(info, 'memory')).toBeNull()
})
