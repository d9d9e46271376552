import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { simulatedProcess } from '../../../server/lib/process-facts.js'
import { readSettings, type Settings } from '../../../server/process/settings.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let folder: { path: string } & Disposable
beforeEach(() => void (folder = temporaryFolder()))
afterEach(() => folder[Symbol.dispose]())

function write(name: string, ...lines: string[]): void {
  mkdirSync(join(folder.path, name, '..'), { recursive: true })
  writeFileSync(join(folder.path, name), `${lines.join('\n')}\n`, 'latin1')
}

/** In a process whose working folder is ours. */
function read(...args: string[]): Settings {
  let here = folder.path
  const facts = simulatedProcess({
    workingFolder: () => here,
    changeWorkingFolder: to => void (here = realpathSync(to)),
  })
  return readSettings(args, facts, () => undefined)
}

describe('the config file', () => {
  test('its path is made absolute before dir changes what it is relative to', () => {
    write('redis.conf', 'dir data')
    mkdirSync(join(folder.path, 'data'))
    const { config, configFile } = read('redis.conf')
    expect(configFile).toBe(join(folder.path, 'redis.conf'))
    expect(config.values.dir).toBe(join(folder.path, 'data'))
  })

  test('dir is shown free of links', () => {
    mkdirSync(join(folder.path, 'data'))
    symlinkSync('data', join(folder.path, 'link'))
    expect(read('--dir', 'link').config.values.dir).toBe(join(folder.path, 'data'))
  })

  test('a dir that is not there is refused with the words of the system', () => {
    expect(() => read('--dir', 'nowhere')).toThrow('No such file or directory')
  })

  test('its bytes survive, whatever their encoding', () => {
    write('redis.conf', 'requirepass caf\xe9')
    expect(read('redis.conf').config.values.requirepass).toBe('caf\xe9')
  })
})

test('lines that rename commands are kept for the table, lines that declare users refused', () => {
  write('redis.conf', 'rename-command GET ""', 'hz 20')
  const [line] = read('redis.conf').renames
  expect([line.number, line.words]).toEqual([1, ['rename-command', 'GET', '']])
  write('redis.conf', 'user alice on')
  expect(() => read('redis.conf')).toThrow('Bad directive or wrong number of arguments')
})

describe('include', () => {
  test('a pattern is read in the order of names, and may match nothing', () => {
    write('conf.d/20.conf', 'databases 20')
    write('conf.d/10.conf', 'databases 10', 'hz 50')
    write('conf.d/.hidden.conf', 'databases 30')
    write('redis.conf', 'include conf.d/*.conf', 'include nothing/*.conf')
    expect(read('redis.conf').config.values).toMatchObject({ databases: 20, hz: 50 })
  })

  test('a pattern may stand for folders too', () => {
    write('a1/x.conf', 'databases 21')
    write('b1/x.conf', 'databases 22')
    write('redis.conf', 'include [a-z]1/x.conf')
    expect(read('redis.conf').config.values.databases).toBe(22)
  })

  test('a file that is not there is an error', () => {
    write('redis.conf', 'include missing.conf')
    expect(() => read('redis.conf')).toThrow(
      "can't open config file 'missing.conf': No such file or directory",
    )
  })

  test('a file that includes itself through a link does not hang', () => {
    write('redis.conf', 'include link.conf')
    symlinkSync('redis.conf', join(folder.path, 'link.conf'))
    expect(() => read('redis.conf')).toThrow('includes itself')
  })
})
