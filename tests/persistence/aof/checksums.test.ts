import { expect, test } from 'vitest'
import { AOF } from '../../../persistence/aof/aof.js'
import { checksumLine } from '../../../persistence/aof/checksums.js'
import { checkAof, isSound } from '../../../persistence/check/aof-check.js'
import { crc64 } from '../../../server/lib/crc64.js'
import { seededRandom } from '../../../server/lib/random.js'
import type { SimulatedDisk } from '../../../server/lib/simulated-disk.js'
import { AofWorld, DATA_FOLDER, freshDisk } from '../../support/aof-world.js'

const FOLDER = `${DATA_FOLDER}/appendonlydir`
const LOG = `${FOLDER}/appendonly.aof.1.incr.aof`
const MANIFEST = `${FOLDER}/appendonly.aof.manifest`
const SUMS = { 'aof-checksum-enabled': 'yes' }
const LINE = /#CRC:[0-9a-f]{16}\r\n/g
const BEGIN = checksumLine(0n)

async function begun(disk: SimulatedDisk, config: Record<string, string> = SUMS): Promise<AofWorld> {
  const world = new AofWorld({ disk, config })
  await world.start()
  return world
}

async function ended(world: AofWorld): Promise<void> {
  await world.until(world.engine.stop({ save: 'nosave', now: false, force: false, reason: 'test' }))
}

async function write(world: AofWorld, keys: number, from = 0): Promise<void> {
  for (let i = from; i < from + keys; i++) await world.ask('SET', `key:${i}`, `value ${i} `.repeat(8))
}

async function sums(disk: SimulatedDisk): Promise<number> {
  const findings = await checkAof({ disk, random: seededRandom(1), nowMs: 0 }, MANIFEST)
  expect(isSound(findings)).toBe(true)
  return findings.files.reduce((count, { checksums }) => count + checksums, 0)
}

/** Flips a bit of the value of a key. Answers where it is. */
async function damage(disk: SimulatedDisk, path: string, key: string): Promise<number> {
  const bytes = Buffer.from(await disk.readFile(path))
  const at = bytes.indexOf(`value ${key.slice(4)} `)
  bytes[at] ^= 1
  await disk.writeFileAtomically(path, bytes)
  return at
}

/** Why a server does not start, and what its log says of it. */
async function refusal(disk: SimulatedDisk): Promise<{ why: string; lines: string[] }> {
  const world = new AofWorld({ disk })
  const why = await world.start().then(
    () => 'it started',
    (error: unknown) => (error as Error).message,
  )
  return { why, lines: world.lines }
}

test('sections of a few KB have each their line, and the last one at the end', async () => {
  const disk = await freshDisk()
  const world = await begun(disk)
  await write(world, 200)
  await ended(world)
  const text = (await disk.readFile(LOG)).toString('latin1')
  const lines = text.match(LINE) ?? []
  const sections = text.split(LINE)
  expect(lines.length).toBeGreaterThan(4)
  expect(lines[0]).toBe(BEGIN)
  expect(text.startsWith(BEGIN)).toBe(true)
  expect(text.endsWith(lines.at(-1) ?? '')).toBe(true)
  for (const [at, line] of lines.entries()) {
    if (at > 0) expect(line, `line ${at}`).toBe(checksumLine(crc64(Buffer.from(sections[at], 'latin1'))))
  }
  expect(await sums(disk)).toBe(lines.length - 1)
})

test('without the directive there is no line', async () => {
  const disk = await freshDisk()
  const world = await begun(disk, {})
  await write(world, 100)
  await ended(world)
  expect((await disk.readFile(LOG)).toString('latin1')).not.toContain('#CRC')
})

test('a bit that flipped in the middle is found, told with file and place, and nothing is changed', async () => {
  const disk = await freshDisk()
  const world = await begun(disk)
  await write(world, 200)
  await ended(world)
  const at = await damage(disk, LOG, 'key:77')
  const before = await disk.readFile(LOG)
  const { why, lines } = await refusal(disk)
  expect(why).toContain('Bad file format reading the append only file appendonly.aof.1.incr.aof')
  const [, from, to] = lines.join('\n').match(/incr\.aof is damaged between offsets (\d+) and (\d+)/) ?? []
  expect(Number(from)).toBeLessThan(at)
  expect(Number(to)).toBeGreaterThan(at)
  expect(Number(to) - Number(from)).toBeLessThan(10_000)
  expect(await disk.readFile(LOG)).toEqual(before)
})

test('the same in a base of commands', async () => {
  const disk = await freshDisk()
  const world = await begun(disk, { ...SUMS, 'aof-use-rdb-preamble': 'no' })
  await write(world, 50)
  await world.ask('BGREWRITEAOF')
  await world.until(world.engine.rooms.get(AOF).over)
  await ended(world)
  expect(await sums(disk)).toBeGreaterThan(0)
  await damage(disk, `${FOLDER}/appendonly.aof.2.base.aof`, 'key:7')
  const { why, lines } = await refusal(disk)
  expect(why).toContain('appendonly.aof.2.base.aof')
  expect(lines.join('\n')).toContain('is damaged between offsets')
})

test('a server that was killed leaves a section without a line; the next one begins another', async () => {
  const disk = await freshDisk()
  await write(await begun(disk, { ...SUMS, appendfsync: 'always' }), 100)
  disk.kill()
  const second = await begun(disk)
  expect(await second.ask('DBSIZE')).toBe(100)
  await write(second, 100, 100)
  await ended(second)
  const begins = (await disk.readFile(LOG)).toString('latin1').split(BEGIN).length - 1
  expect(begins).toBe(2)
  expect(await sums(disk)).toBeGreaterThan(2)
  expect(await (await begun(disk)).ask('DBSIZE')).toBe(200)
})

test('CONFIG SET begins and ends with it', async () => {
  const disk = await freshDisk()
  const world = await begun(disk, {})
  await write(world, 10)
  await world.ask('CONFIG', 'SET', 'aof-checksum-enabled', 'yes')
  await write(world, 100, 10)
  await world.ask('CONFIG', 'SET', 'aof-checksum-enabled', 'no')
  await write(world, 10, 110)
  await world.ask('CONFIG', 'SET', 'aof-checksum-enabled', 'yes')
  await write(world, 10, 120)
  await ended(world)
  expect(await sums(disk)).toBeGreaterThan(2)
  expect(await (await begun(disk, {})).ask('DBSIZE')).toBe(130)
})

test('a transaction that is large has no line in its middle', async () => {
  const disk = await freshDisk()
  const world = await begun(disk)
  await world.ask('MULTI')
  await write(world, 200)
  await world.ask('EXEC')
  await ended(world)
  const [head, unit] = (await disk.readFile(LOG)).toString('latin1').split(LINE)
  expect(head).toBe('')
  expect(unit).toMatch(/EXEC\r\n$/)
})
