import { existsSync, readFileSync } from 'node:fs'

/** CPU time of a whole process, all its threads, living and ended. */
export interface CpuTime {
  readonly userUs: number
  readonly systemUs: number
}

/** `/proc` counts CPU in ticks of 1/100 s, whatever the kernel's own clock does: proc(5), USER_HZ. */
const TICK_US = 10_000

export function cpuTime(pid: number): CpuTime {
  return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
}

/** User and system time of a process and of those children that have ended, in microseconds. */
export function familyCpuUs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields.slice(14 - 3, 18 - 3).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_US
}

export function residentBytes(pid: number): number {
  return parseResident(readFileSync(`/proc/${pid}/status`, 'latin1'))
}

/**
 * How long the main thread, where the event loop runs, has been ready to run while others had the processor:
 * the second number of `/proc/PID/schedstat`, in ns. NaN where the kernel does not keep it.
 */
export function starvedMs(pid: number): number {
  const path = `/proc/${pid}/schedstat`
  return existsSync(path) ? Number(readFileSync(path, 'latin1').split(' ')[1]) / 1e6 : NaN
}

/**
 * utime and stime are fields 14 and 15 of `/proc/PID/stat`. Field 2 is the program's name in parentheses and may
 * itself hold blanks and parentheses, so counting starts behind the last one.
 */
export function parseStat(text: string): CpuTime {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [user, system] = [fields[14 - 3], fields[15 - 3]].map(Number)
  return { userUs: user * TICK_US, systemUs: system * TICK_US }
}

/** VmRSS of `/proc/PID/status`, in bytes. The file says kB and means KiB. */
export function parseResident(text: string): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(text)
  if (match === null) throw new Error('no VmRSS in /proc/PID/status: has the process ended?')
  return Number(match[1]) * 1024
}
