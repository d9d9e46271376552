import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../../server/index.js'
import { findOracle, startOracle } from '../../support/oracle.js'
import { RawLink } from '../../support/raw-link.js'

/** Backups in folders of the file system, where names are links and a manifest is read by other servers as well. */

/** Unix ms, and far away. */
const DUE = '4000000000000'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'redstart-backup-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Ask = (...words: string[]) => Promise<unknown>

async function withServer(dir: string, appendonly: string, use: (ask: Ask) => Promise<void>): Promise<void> {
  const server: RunningServer = await startServer({ config: { dir, appendonly, save: '' } })
  try {
    await use((...words) => server.execute(words))
  } finally {
    await server.close()
  }
}

async function reaches(ask: Ask, state: string): Promise<void> {
  for (;;) {
    const status = (await ask('BACKUP', 'STATUS')) as string[]
    if (status[1] === state) return
    if (status[1] === 'failed') throw new Error(`the backup failed: ${status[3]}`)
  }
}

/** A data folder whose log is the backup. */
function restoredFolder(): string {
  const dir = mkdtempSync(join(folder, 'restored-'))
  cpSync(join(folder, 'backupdir'), join(dir, 'appendonlydir'), { recursive: true })
  return dir
}

async function fill(ask: Ask): Promise<void> {
  await ask('SET', 'before', '1')
  await ask('SET', 'timed', 'x', 'PXAT', DUE)
  await ask('BACKUP', 'START')
  await reaches(ask, 'incrementing')
  await ask('HSET', 'hash', 'f', 'v')
  await ask('PEXPIREAT', 'hash', DUE)
  await ask('SET', 'gone', '1', 'PX', '1')
  await ask('MULTI')
  await ask('SET', 'left', '7')
  await ask('BACKUP', 'SEAL')
  await ask('SET', 'right', '7')
  await ask('EXEC')
  await reaches(ask, 'sealed')
  await ask('SET', 'after', '1')
  await ask('PERSIST', 'timed')
}

async function expectContent(ask: Ask): Promise<void> {
  expect(await ask('MGET', 'before', 'left', 'right', 'after', 'gone')).toEqual(['1', '7', '7', null, null])
  expect(await ask('HGETALL', 'hash')).toEqual(['f', 'v'])
  expect(await ask('PEXPIRETIME', 'timed')).toBe(Number(DUE))
  expect(await ask('PEXPIRETIME', 'hash')).toBe(Number(DUE))
}

describe.each(['yes', 'no'])('a backup on the file system with appendonly %s', appendonly => {
  test('is a log that stays: times to live, a transaction as a whole, nothing later', async () => {
    await withServer(folder, appendonly, async ask => {
      await fill(ask)
      await withServer(restoredFolder(), 'yes', expectContent)
      const files = (await ask('BACKUP', 'LIST')) as string[]
      expect(files.every(existsSync)).toBe(true)
      const before = files.map(file => readFileSync(file, 'latin1'))
      await ask('SET', 'later', 'x'.repeat(10_000))
      if (appendonly === 'yes') await ask('BGREWRITEAOF')
      expect(files.map(file => readFileSync(file, 'latin1'))).toEqual(before)
      expect(await ask('BACKUP', 'CLEANUP')).toBe('OK')
      expect(readdirSync(join(folder, 'backupdir'))).toEqual([])
    })
    expect(existsSync(join(folder, 'appendonlydir', 'appendonly.aof.manifest'))).toBe(appendonly === 'yes')
  })

  test.skipIf(findOracle() === null)('is loaded by redis-server (needs redis-server 7.0)', async () => {
    await withServer(folder, appendonly, fill)
    const oracle = await startOracle(['--dir', restoredFolder(), '--appendonly', 'yes'])
    const link = await RawLink.open(oracle.port)
    try {
      await expectContent(async (...words) => (await link.ask(words)).value)
    } finally {
      link.close()
      await oracle.stop()
    }
  })
})

test('a log that a backup has kept for itself is kept for good when CONFIG SET appendonly yes wants one', async () => {
  await withServer(folder, 'no', async ask => {
    await ask('SET', 'a', '1')
    await ask('BACKUP', 'START')
    await reaches(ask, 'incrementing')
    const manifest = join(folder, 'appendonlydir', 'appendonly.aof.manifest')
    expect(readFileSync(manifest, 'latin1')).toContain('#redstart-lent')
    await ask('CONFIG', 'SET', 'appendonly', 'yes')
    expect(readFileSync(manifest, 'latin1')).not.toContain('#redstart-lent')
    await ask('INCR', 'a')
    await ask('BACKUP', 'SEAL')
    await ask('INCR', 'a')
  })
  await withServer(folder, 'yes', async ask => {
    expect(await ask('GET', 'a')).toBe('3')
  })
})
