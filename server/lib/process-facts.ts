/**
 * The door to what the operating system says about this process and the machine it runs on: what INFO reports
 * and what start-up has to know. Figures that a system does not offer are 0, as Redis prints them.
 */

import { readFileSync } from 'node:fs'
import { arch, machine, release, totalmem, type } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface CpuTime {
  userUs: number
  systemUs: number
}

/** Where the resident memory comes from. Reading it costs a few tens of microseconds: for INFO, not for a tick. */
export interface ResidentMemory {
  rssBytes: number
  /** The most there ever was. */
  peakRssBytes: number
  anonymousBytes: number
  fileBytes: number
  sharedBytes: number
}

/** What V8 has. The data is not in it: see server/memory/arena.ts. */
export interface HeapMemory {
  heapUsedBytes: number
  heapTotalBytes: number
  externalBytes: number
  arrayBuffersBytes: number
}

export interface Machine {
  /** As `uname` says it: `Linux 6.1.0 x86_64`. */
  os: string
  archBits: 32 | 64
  totalMemoryBytes: number
}

export interface ProcessFacts {
  readonly pid: number
  readonly nodeVersion: string
  /** The path of the program that runs. */
  readonly executable: string
  readonly machine: Machine
  workingFolder(): string
  changeWorkingFolder(folder: string): void
  rssBytes(): number
  residentMemory(): ResidentMemory
  heapMemory(): HeapMemory
  cpuTime(): CpuTime
  /** Of the thread that runs the commands alone. */
  mainThreadCpuTime(): CpuTime
  /** How many files and sockets this process may have open; Infinity when nothing limits it. */
  openFilesMax(): number
  /** The longest queue of connections not yet accepted that the kernel grants; 0 when unknown. */
  acceptQueueMax(): number
  /** Makes V8 collect all garbage now: the only way to have dropped segments unmapped. Stops the world meanwhile. */
  collectGarbage(): void
  /** Ends the process by a signal to itself, with nothing tidied up. */
  die(signal: 'SIGSEGV'): void
}

export function systemProcess(): ProcessFacts {
  return new SystemProcess()
}

class SystemProcess implements ProcessFacts {
  readonly pid = process.pid
  readonly nodeVersion = process.version
  readonly executable = process.execPath
  readonly machine: Machine = {
    os: `${type()} ${release()} ${machine()}`,
    archBits: /64|s390x/.test(arch()) ? 64 : 32,
    totalMemoryBytes: totalmem(),
  }

  workingFolder(): string {
    return process.cwd()
  }

  changeWorkingFolder(folder: string): void {
    process.chdir(folder)
  }

  rssBytes(): number {
    return process.memoryUsage.rss()
  }

  residentMemory(): ResidentMemory {
    const status = readProc('/proc/self/status')
    return {
      rssBytes: this.rssBytes(),
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      anonymousBytes: statusBytes(status, 'RssAnon'),
      fileBytes: statusBytes(status, 'RssFile'),
      sharedBytes: statusBytes(status, 'RssShmem'),
    }
  }

  heapMemory(): HeapMemory {
    const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage()
    return {
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      externalBytes: external,
      arrayBuffersBytes: arrayBuffers,
    }
  }

  cpuTime(): CpuTime {
    const { user, system } = process.cpuUsage()
    return { userUs: user, systemUs: system }
  }

  /** The first thread has the number of the process. */
  mainThreadCpuTime(): CpuTime {
    return threadCpuTime(readProc(`/proc/self/task/${this.pid}/stat`))
  }

  openFilesMax(): number {
    return openFilesLimit(readProc('/proc/self/limits'))
  }

  acceptQueueMax(): number {
    return Number(readProc('/proc/sys/net/core/somaxconn'))
  }

  /** V8 shows its `gc` only to contexts made while the flag is set. */
  collectGarbage(): void {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    setFlagsFromString('--no-expose-gc')
    collect()
  }

  die(signal: 'SIGSEGV'): void {
    process.kill(this.pid, signal)
  }
}

/** Empty where there is no such file: not every system has /proc. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** A line of /proc/self/status: `RssAnon:	   12345 kB`. */
export function statusBytes(status: string, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)
  return match === null ? 0 : Number(match[1]) * 1024
}

/** The kernel counts CPU time for us in ticks of 10 ms (USER_HZ, 100 on all that Node runs on). */
const TICK_US = 10_000

/**
 * `stat` of proc(5): fields 14 and 15, user and system ticks. The second field is the name of the program, in
 * brackets and with whatever characters it likes, so counting starts behind its last bracket, at field 3.
 */
export function threadCpuTime(stat: string): CpuTime {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { userUs: Number(fields[11] ?? 0) * TICK_US, systemUs: Number(fields[12] ?? 0) * TICK_US }
}

/** The soft limit in /proc/self/limits: `Max open files            1024                 524288               files`. */
export function openFilesLimit(limits: string): number {
  const match = /^Max open files\s+(\d+)/m.exec(limits)
  return match === null ? Infinity : Number(match[1])
}

/** A process that is always the same one, for tests and the simulator. `overrides` replaces what matters. */
export function simulatedProcess(overrides: Partial<ProcessFacts> = {}): ProcessFacts {
  let folder = '/'
  return {
    pid: 4711,
    nodeVersion: 'v20.0.0',
    executable: '/usr/bin/node',
    machine: { os: 'Simulated 1.0 x86_64', archBits: 64, totalMemoryBytes: 2 ** 33 },
    workingFolder: () => folder,
    changeWorkingFolder: to => void (folder = to),
    rssBytes: () => 2 ** 26,
    residentMemory: () => ({
      rssBytes: 2 ** 26,
      peakRssBytes: 2 ** 26,
      anonymousBytes: 2 ** 25,
      fileBytes: 2 ** 25,
      sharedBytes: 0,
    }),
    heapMemory: () => ({
      heapUsedBytes: 2 ** 22,
      heapTotalBytes: 2 ** 23,
      externalBytes: 2 ** 20,
      arrayBuffersBytes: 2 ** 16,
    }),
    cpuTime: () => ({ userUs: 2_000_000, systemUs: 1_000_000 }),
    mainThreadCpuTime: () => ({ userUs: 1_500_000, systemUs: 500_000 }),
    openFilesMax: () => 10_032,
    acceptQueueMax: () => 4096,
    collectGarbage: () => undefined,
    die: () => undefined,
    ...overrides,
  }
}
