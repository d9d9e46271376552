import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { operations } from '../differential/fuzz/generator.js'
import { testEngine } from '../support/engine.js'
import { startServer } from '../../server/index.js'
import { seededRandom } from '../../server/lib/random.js'
import { describeWithOracle, startOracle } from '../support/oracle.js'
import { RawLink } from '../support/raw-link.js'
import type { Reply } from '../support/reply.js'
import { dataset, DATABASES, inventory } from '../support/exchange.js'
import { drawWrite } from '../support/random-writes.js'

/**
 * A folder of data that one server has written is loaded by the other, and both have the same to say about every key:
 * snapshots, and append-only logs whose base is a snapshot or commands.
 */

type Settings = Readonly<Record<string, string>>
type Ask = (line: readonly (string | Buffer)[]) => Promise<Reply>

/** Servers are killed: with `everysec` Redis may hold a write back while a sync is under way. */
const LOG = { appendonly: 'yes', appendfsync: 'always' }
const PLAIN = { ...LOG, 'aof-use-rdb-preamble': 'no' }

const FORMS: readonly (readonly [name: string, settings: Settings])[] = [
  ['a snapshot', {}],
  ['a log with a snapshot as its base', { ...LOG, 'aof-use-rdb-preamble': 'yes' }],
  ['a log of commands', PLAIN],
]

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'redstart-exchange-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function withOurs<T>(settings: Settings, use: (ask: Ask) => Promise<T>): Promise<T> {
  const server = await startServer({ config: { dir: folder, databases: DATABASES, ...settings } })
  try {
    return await linked(server.port, use)
  } finally {
    await server.close()
  }
}

async function withTheirs<T>(settings: Settings, use: (ask: Ask) => Promise<T>): Promise<T> {
  const words = Object.entries({ dir: folder, databases: `${DATABASES}`, ...settings })
  const oracle = await startOracle(words.flatMap(([name, value]) => [`--${name}`, value]))
  try {
    return await linked(oracle.port, use)
  } finally {
    await oracle.stop()
  }
}

async function linked<T>(port: number, use: (ask: Ask) => Promise<T>): Promise<T> {
  const link = await RawLink.open(port)
  try {
    return await use(async line => (await link.ask(line)).value)
  } finally {
    link.close()
  }
}

/** Puts the data in, half of it before the log is rewritten, and makes it safe. */
async function fill(ask: Ask, settings: Settings): Promise<void> {
  const lines = dataset()
  const half = lines.length >> 1
  for (const line of lines.slice(0, half)) await expectNoError(ask, line)
  if (settings['appendonly'] === 'yes') await rewrite(ask)
  for (const line of lines.slice(half)) await expectNoError(ask, line)
  if (settings['appendonly'] !== 'yes') expect(await ask(['SAVE'])).toBe('OK')
}

async function expectNoError(ask: Ask, line: readonly (string | Buffer)[]): Promise<void> {
  expect(await ask(line), String(line).slice(0, 80)).not.toHaveProperty('line')
}

async function rewrite(ask: Ask): Promise<void> {
  await ask(['BGREWRITEAOF'])
  for (;;) {
    const info = await ask(['INFO', 'persistence'])
    if (/aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0/.test(info as string)) return
  }
}

const SEED = Number(process.env.SEED ?? 20_261_120)
const WRITES = 2500

/** These concern the connection, or make it wait for an EXEC. */
const SPEAKING = /^(hello|reset|auth|client|multi|watch|restore)$/i

/** What random writes and requests of all families leave behind; what is about to die stays. */
async function fillAtRandom(ask: Ask, settings: Settings): Promise<void> {
  const random = seededRandom(SEED)
  for (let i = 0; i < WRITES; i++) await ask(drawWrite(random, () => true))
  for (const { words } of operations(SEED, WRITES, testEngine().engine.table, null))
    if (!SPEAKING.test(words[0])) await ask(words.map(word => Buffer.from(word, 'latin1')))
  for (let database = 0; database < DATABASES; database++) {
    await ask(['SELECT', `${database}`])
    for (const key of (await ask(['KEYS', '*'])) as string[])
      if (Number(await ask(['PTTL', key])) < 60_000) await ask(['PERSIST', key])
  }
  if (settings['appendonly'] === 'yes') await rewrite(ask)
  else expect(await ask(['SAVE'])).toBe('OK')
}

describeWithOracle('data travels between redis-server and ours', () => {
  for (const [name, settings] of FORMS) {
    test(`${name} of ours is loaded by redis-server`, { timeout: 120_000 }, async () => {
      const ours = await withOurs(settings, async ask => {
        await fill(ask, settings)
        return inventory(ask)
      })
      const theirs = await withTheirs(settings, ask => inventory(ask))
      expect(theirs.length).toBeGreaterThan(60)
      expect(theirs).toEqual(ours)
    })

    test(`what random writes leave behind is loaded from ${name} of ours`, { timeout: 120_000 }, async () => {
      const ours = await withOurs(settings, async ask => {
        await fillAtRandom(ask, settings)
        return inventory(ask, false)
      })
      const theirs = await withTheirs(settings, ask => inventory(ask, false))
      expect(ours.length).toBeGreaterThan(40)
      expect(theirs, `seed ${SEED}`).toEqual(ours)
    })

    test(`and from ${name} of redis-server`, { timeout: 120_000 }, async () => {
      const theirs = await withTheirs(settings, async ask => {
        await fillAtRandom(ask, settings)
        return inventory(ask, false)
      })
      const ours = await withOurs(settings, ask => inventory(ask, false))
      expect(theirs.length).toBeGreaterThan(40)
      expect(ours, `seed ${SEED}`).toEqual(theirs)
    })

    test(`${name} of redis-server is loaded by ours`, { timeout: 120_000 }, async () => {
      const theirs = await withTheirs(settings, async ask => {
        await fill(ask, settings)
        return inventory(ask)
      })
      const ours = await withOurs(settings, ask => inventory(ask))
      expect(ours.length).toBeGreaterThan(60)
      expect(ours).toEqual(theirs)
    })
  }

  test('all that commands can tell is in a base of ours in plain form', { timeout: 120_000 }, async () => {
    const ours = await withOurs(PLAIN, async ask => {
      await fill(ask, PLAIN)
      await rewrite(ask)
      return inventory(ask)
    })
    const base = readFileSync(join(folder, 'appendonlydir', 'appendonly.aof.3.base.aof'), 'latin1')
    expect(base).not.toContain('RESTORE')
    expect(statSync(join(folder, 'appendonlydir', 'appendonly.aof.3.incr.aof')).size).toBe(0)
    expect(await withTheirs(PLAIN, ask => inventory(ask))).toEqual(ours)
  })

  test('a log of ours with checksums is as any other to redis-server', { timeout: 120_000 }, async () => {
    const ours = await withOurs({ ...PLAIN, 'aof-checksum-enabled': 'yes' }, async ask => {
      await fill(ask, PLAIN)
      return inventory(ask)
    })
    const files = readdirSync(join(folder, 'appendonlydir')).filter(name => name.endsWith('.aof'))
    expect(files).toHaveLength(2)
    for (const name of files) {
      const path = join(folder, 'appendonlydir', name)
      expect(readFileSync(path, 'latin1').match(/#CRC:/g)?.length, name).toBeGreaterThan(2)
      execFileSync('redis-check-aof', [path], { stdio: 'pipe' })
    }
    expect(await withTheirs(PLAIN, ask => inventory(ask))).toEqual(ours)
  })
})
