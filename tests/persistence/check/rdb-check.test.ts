import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkRdb } from '../../../persistence/check/rdb-check.js'
import { rdbJson, rdbLines } from '../../../persistence/check/report.js'
import { encodeNow } from '../../../persistence/rdb/encoder.js'
import { seededRandom } from '../../../server/lib/random.js'
import { SimulatedDisk } from '../../../server/lib/simulated-disk.js'
import { type TestEngine, testEngine } from '../../support/engine.js'
import { findOracle } from '../../support/oracle.js'
import { rdbFile, text } from '../../support/rdb-bytes.js'

const NOW_MS = 1_000_000

function filled(): TestEngine {
  const world = testEngine({ nowMs: NOW_MS })
  for (const line of [
    ...[
      'SET a 1',
      'SET b 2 PX 500',
      'RPUSH l a b c',
      'SADD i 1 2 3',
      'SADD s x y',
      'ZADD z 1 a',
      'HSET h f v',
    ],
    ...['XADD x 1-1 f v', 'SELECT 3', 'SET c 3 PX 100000', `SET big ${'x'.repeat(5000)}`],
  ]) {
    world.ask(line)
  }
  return world
}

async function check(bytes: Uint8Array, nowMs = NOW_MS) {
  const disk = new SimulatedDisk({ random: seededRandom(1) })
  await disk.writeFileAtomically('/dump.rdb', bytes)
  return checkRdb({ disk, random: seededRandom(1), nowMs }, '/dump.rdb')
}

test('a file is counted: by database, type and encoding, with its largest keys', async () => {
  const bytes = encodeNow(filled().engine)
  const findings = await check(bytes, NOW_MS + 1000)
  const { census } = findings
  expect(findings).toMatchObject({ problem: null, bytes: bytes.length, rest: 0, version: 10 })
  expect(census.keys).toBe(10)
  expect(census.databases.get(0)).toMatchObject({ keys: 8, expires: 1, expired: 1 })
  expect(census.databases.get(3)).toMatchObject({ keys: 2, expires: 1, expired: 0 })
  expect(census.types.get('list')).toMatchObject({ keys: 1, elements: 3 })
  expect([...census.encodings.keys()]).toContain('set intset')
  expect(census.biggest[0]).toMatchObject({ db: 3, key: 'big', type: 'string' })
  expect(census.biggest[0].bytes).toBeGreaterThan(5000)
})

test('it is told in lines, and as JSON', async () => {
  const findings = await check(encodeNow(filled().engine))
  const lines = [...rdbLines(findings)]
  expect(lines[0]).toBe('[offset 0] Checking RDB file /dump.rdb')
  expect(lines).toContainEqual(expect.stringMatching(/Checksum OK$/))
  expect(lines).toContain('[info] 10 keys read')
  expect(lines.at(-1)).toBe('RDB file /dump.rdb is valid')
  expect(JSON.parse(JSON.stringify(rdbJson(findings)))).toMatchObject({
    valid: true,
    keys: 10,
    databases: { 3: { keys: 2 } },
    types: { hash: { keys: 1, elements: 1 } },
  })
})

test('damage is told with its place, and what came before is counted', async () => {
  const bytes = rdbFile('REDIS0010', 0, text('a'), text('1'), 99, text('b'))
  const findings = await check(bytes)
  expect(findings.problem).toEqual({ offset: 14, reason: 'unknown RDB encoding type 99' })
  expect(findings.census.keys).toBe(1)
  expect([...rdbLines(findings)].at(-1)).toBe('RDB file /dump.rdb is not valid')
  expect((await check(bytes.subarray(0, 11))).problem).toEqual({
    offset: 9,
    reason: 'unexpected end of the file',
  })
})

test('a bit that flipped anywhere is found', async () => {
  const bytes = encodeNow(filled().engine)
  const random = seededRandom(5)
  for (let i = 0; i < 100; i++) {
    const damaged = Buffer.from(bytes)
    damaged[random.below(damaged.length)] ^= 1 << random.below(8)
    expect((await check(damaged)).problem, `flip ${i}`).not.toBeNull()
  }
})

test('keys with nothing in them are no damage', async () => {
  const { problem, census } = await check(rdbFile('REDIS0010', 1, text('empty'), 0, 0, text('a'), text('1')))
  expect(problem).toBeNull()
  expect([census.keys, census.emptyKeys]).toEqual([1, 1])
})

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'redstart-check-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.skipIf(findOracle() === null)('redis-check-rdb accepts our files (needs redis-tools)', () => {
  const path = join(folder, 'dump.rdb')
  writeFileSync(path, encodeNow(filled().engine))
  const said = execFileSync('redis-check-rdb', [path], { encoding: 'latin1' })
  expect(said).toContain('RDB looks OK')
  expect(said).toContain('10 keys read')
})
