import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { VirtualClock } from '../../../server/lib/clock.js'
import { createLog, silentLog, type Log, type LogOptions, type LogRole } from '../../../server/lib/log.js'

const root = mkdtempSync(join(tmpdir(), 'redstart-log-'))
afterAll(() => rmSync(root, { recursive: true }))

const NOON = new Date(2026, 10, 5, 12, 1, 2, 30).getTime()

let files = 0
let file: string
let role: LogRole
let log: Log
let clock: VirtualClock

function open(options: Partial<LogOptions> = {}): Log {
  log = createLog({ level: 'debug', file, format: 'text', role: () => role, ...options }, clock)
  return log
}

const written = (): string => readFileSync(file, 'utf8')

beforeEach(() => {
  file = join(root, `${files++}.log`)
  role = 'M'
  clock = new VirtualClock(NOON)
})
afterEach(() => log.close())

describe('text lines', () => {
  test('have the shape of Redis and are in the file when the call returns', () => {
    open()
    log.debug('d')
    expect(written()).toBe(`${process.pid}:M 05 Nov 2026 12:01:02.030 . d\n`)
    role = 'S'
    clock.advance(61_001)
    log.verbose('v')
    log.notice('n')
    role = 'X'
    log.warning('w')
    expect(written().split('\n').slice(1)).toEqual([
      `${process.pid}:S 05 Nov 2026 12:02:03.031 - v`,
      `${process.pid}:S 05 Nov 2026 12:02:03.031 * n`,
      `${process.pid}:X 05 Nov 2026 12:02:03.031 # w`,
      '',
    ])
  })

  test('carry the message as it is', () => {
    open()
    for (const message of ['100 %d %s %% %', '"quoted" \\ {json}', 'é ☃ \u0001', '']) log.notice(message)
    const messages = written()
      .split('\n')
      .map(line => line.slice(line.indexOf(' * ') + 3))
    expect(messages).toEqual(['100 %d %s %% %', '"quoted" \\ {json}', 'é ☃ \u0001', '', ''])
  })

  test('raw text has no date in front', () => {
    open().raw('  _._\n-._ |')
    expect(written()).toBe('  _._\n-._ |\n')
  })

  test('are appended to what the file holds', () => {
    open().raw('first')
    log.close()
    open().raw('second')
    expect(written()).toBe('first\nsecond\n')
  })
})

describe('levels', () => {
  const lines = (): number => written().split('\n').length - 1
  const all = (): void => {
    log.debug('')
    log.verbose('')
    log.notice('')
    log.raw('')
    log.warning('')
  }

  test.each([
    ['debug', 5],
    ['verbose', 4],
    ['notice', 3],
    ['warning', 1],
    ['nothing', 0],
  ] as const)('at %s', (level, count) => {
    open({ level })
    all()
    expect(lines()).toBe(count)
  })

  test('change while running', () => {
    open({ level: 'nothing' })
    all()
    log.setLevel('warning')
    all()
    log.setLevel('debug')
    all()
    log.setLevel('nothing')
    all()
    expect(lines()).toBe(6)
  })
})

test('JSON lines name the level, the role and the time', () => {
  open({ format: 'json' })
  log.notice('Ready "to" accept')
  log.raw('logo')
  const records = written()
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as unknown)
  expect(records).toEqual([
    { level: 'notice', time: NOON, pid: process.pid, role: 'M', msg: 'Ready "to" accept' },
    { level: 'notice', time: NOON, pid: process.pid, role: 'M', msg: 'logo' },
  ])
})

describe('the file', () => {
  test('is opened anew after it was moved away', () => {
    open().raw('before')
    renameSync(file, `${file}.1`)
    log.raw('still before')
    log.reopen()
    log.raw('after')
    expect(written()).toBe('after\n')
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('before\nstill before\n')
  })

  test('goes on being written when reopening fails', () => {
    const folder = mkdtempSync(join(root, 'folder-'))
    file = join(folder, 'a.log')
    open().raw('before')
    renameSync(folder, `${folder}.moved`)
    expect(() => log.reopen()).toThrow(/ENOENT/)
    log.raw('after')
    expect(readFileSync(`${folder}.moved/a.log`, 'utf8')).toBe('before\nafter\n')
  })

  test('that cannot be opened is an error at once', () => {
    open()
    expect(() =>
      createLog({ level: 'debug', file: join(root, 'no/such'), format: 'text', role: () => 'M' }, clock),
    ).toThrow(/ENOENT/)
  })

  test('on a full disk does not stop the server', { skip: !existsSync('/dev/full') }, () => {
    open({ file: '/dev/full' })
    expect(() => {
      for (let i = 0; i < 3; i++) log.notice('lost')
    }).not.toThrow()
  })

  test('takes nothing more after close', () => {
    open().raw('before')
    log.close()
    log.notice('after')
    log.raw('after')
    expect(written()).toBe('before\n')
    open()
  })
})

test('the silent log accepts everything and writes nothing', () => {
  open()
  const silent = silentLog()
  silent.debug('')
  silent.verbose('')
  silent.notice('')
  silent.warning('')
  silent.raw('')
  silent.setLevel('debug')
  silent.reopen()
  silent.close()
  expect(written()).toBe('')
})
