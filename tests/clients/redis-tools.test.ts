import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../server/index.js'

let server: RunningServer
beforeAll(async () => void (server = await startServer()))
afterAll(() => server.close())
beforeEach(() => server.execute(['FLUSHALL']))

/** Runs a tool against our server, in a process of its own, and answers what it prints. */
async function tool(name: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(name, ['-p', `${server.port}`, ...args], {
    encoding: 'latin1',
  })
  return stdout
}

/** `describe`, where a tool is installed; elsewhere the group is skipped and says why. */
function describeWith(name: string, body: () => void): void {
  if (isInstalled(name)) describe(name, body)
  else describe.skip(`${name} (skipped: it is not on PATH; Debian 12: apt-get install redis-tools)`, body)
}

describeWith('redis-cli', () => {
  test('asks and is answered', async () => {
    expect(await tool('redis-cli', 'SET', 'key', 'some value')).toBe('OK\n')
    expect(await tool('redis-cli', 'GET', 'key')).toBe('some value\n')
    expect(await tool('redis-cli', '--no-raw', 'GET', 'nothing')).toBe('(nil)\n')
  })

  test('speaks RESP3 after -3', async () => {
    const hello = await tool('redis-cli', '-3', '--no-raw', 'HELLO', '3')
    expect(hello).toMatch(/# "proto" => \(integer\) 3/)
  })

  test('shows an error', async () => {
    expect(await tool('redis-cli', 'NONSENSE')).toContain("ERR unknown command 'NONSENSE'")
  })
})

describeWith('redis-benchmark', () => {
  test('finishes its rounds of PING, SET, GET, INCR and MSET, 16 at a time', async () => {
    const printed = await tool(
      'redis-benchmark',
      '-t',
      'ping,set,get,incr,mset',
      '-P',
      '16',
      '-n',
      '3200',
      '--csv',
    )
    for (const name of ['PING_INLINE', 'PING_MBULK', 'SET', 'GET', 'INCR', 'MSET (10 keys)']) {
      expect(printed).toMatch(new RegExp(`^"${name.replace(/[()]/g, '\\$&')}","[\\d.]+"`, 'm'))
    }
    expect(await server.execute(['GET', 'counter:__rand_int__'])).toBe('3200')
  })
})

function isInstalled(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
