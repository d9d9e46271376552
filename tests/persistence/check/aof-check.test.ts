import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkAof, isSound, mendable } from '../../../persistence/check/aof-check.js'
import { cutOff } from '../../../persistence/aof/cut-off.js'
import { aofJson, aofLines } from '../../../persistence/check/report.js'
import { encodeNow } from '../../../persistence/rdb/encoder.js'
import { crc64 } from '../../../server/lib/crc64.js'
import { seededRandom } from '../../../server/lib/random.js'
import { SimulatedDisk } from '../../../server/lib/simulated-disk.js'
import { testEngine } from '../../support/engine.js'
import { findOracle } from '../../support/oracle.js'
import { encodeRequest } from '../../support/request.js'

const commands = (...lines: string[]): Buffer => Buffer.concat(lines.map(line => encodeRequest(line)))
const SET = commands('SET a 1')
const UNIT = commands('MULTI', 'SET a 2', 'INCR n', 'EXEC')

function checksum(bytes: Buffer): Buffer {
  return Buffer.from(`#CRC:${crc64(bytes).toString(16).padStart(16, '0')}\n`)
}

async function diskWith(files: Readonly<Record<string, Uint8Array | string>>): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk({ random: seededRandom(1) })
  for (const [name, content] of Object.entries(files)) {
    await disk.writeFileAtomically(`/${name}`, Buffer.from(content as Uint8Array))
  }
  return disk
}

const worldOf = (disk: SimulatedDisk) => ({ disk, random: seededRandom(1), nowMs: 0 })

async function check(bytes: Uint8Array) {
  return checkAof(worldOf(await diskWith({ 'log.aof': bytes })), '/log.aof')
}

test('a whole file is sound: commands, transactions, remarks', async () => {
  const bytes = Buffer.concat([SET, Buffer.from('#TS:1700000000\n'), UNIT])
  const findings = await check(bytes)
  expect(isSound(findings)).toBe(true)
  expect(findings.files[0]).toMatchObject({ commands: 5, bytes: bytes.length, validBytes: bytes.length })
  expect([...aofLines(findings)].at(-1)).toBe('AOF /log.aof is valid')
})

test('cut off anywhere it is whole up to the last command or transaction', async () => {
  const bytes = Buffer.concat([SET, UNIT])
  for (let length = 1; length < bytes.length; length++) {
    const findings = await check(bytes.subarray(0, length))
    const whole = length < SET.length ? 0 : SET.length
    expect(findings.files[0].validBytes, `cut at ${length}`).toBe(whole)
    expect(isSound(findings), `cut at ${length}`).toBe(length === SET.length)
  }
})

test('what is no command is told with its place, and cut off by --fix', async () => {
  const disk = await diskWith({ 'log.aof': Buffer.concat([SET, Buffer.from('garbage'), SET]) })
  const findings = await checkAof(worldOf(disk), '/log.aof')
  expect(findings.files[0].problem).toEqual({ offset: SET.length, reason: 'what stands here is no command' })
  const damaged = mendable(findings)
  if (damaged === null) throw new Error('it can be mended')
  await cutOff(disk, damaged.file, damaged.validBytes)
  expect(await disk.readFile('/log.aof')).toEqual(SET)
  expect(isSound(await checkAof(worldOf(disk), '/log.aof'))).toBe(true)
})

test('checksums find a bit that flipped within a value', async () => {
  const second = commands('SET b value')
  const bytes = Buffer.concat([SET, checksum(SET), second, checksum(second), SET])
  expect((await check(bytes)).files[0]).toMatchObject({ problem: null, checksums: 2 })
  const at = bytes.indexOf('value')
  bytes[at] ^= 1
  const findings = await check(bytes)
  const start = SET.length + checksum(SET).length
  expect(findings.files[0]).toMatchObject({ checksums: 1, validBytes: start })
  expect(findings.files[0].problem?.offset).toBe(start)
})

describe('a manifest', () => {
  const MANIFEST =
    'file l.1.base.rdb seq 1 type b\nfile l.1.incr.aof seq 1 type i\nfile l.2.incr.aof seq 2 type i\n'
  const base = (): Uint8Array => {
    const world = testEngine()
    for (const line of ['SET a 1', 'SET b 2']) world.ask(line)
    return encodeNow(world.engine)
  }

  test('all its files are checked, in their order', async () => {
    const disk = await diskWith({
      'l.manifest': MANIFEST,
      'l.1.base.rdb': base(),
      'l.1.incr.aof': SET,
      'l.2.incr.aof': UNIT,
    })
    const findings = await checkAof(worldOf(disk), '/l.manifest')
    expect(isSound(findings)).toBe(true)
    expect(findings.files.map(({ file }) => file)).toEqual([
      '/l.1.base.rdb',
      '/l.1.incr.aof',
      '/l.2.incr.aof',
    ])
    expect(findings.files[0].snapshot?.census.keys).toBe(2)
    expect(aofJson(findings)).toMatchObject({ valid: true, files: [{ snapshot: { keys: 2 } }, {}, {}] })
  })

  test('only the end of the last file can be cut off', async () => {
    const torn = SET.subarray(0, -3)
    const files = { 'l.manifest': MANIFEST, 'l.1.base.rdb': base() }
    const last = await diskWith({ ...files, 'l.1.incr.aof': SET, 'l.2.incr.aof': torn })
    const findings = await checkAof(worldOf(last), '/l.manifest')
    expect(isSound(findings)).toBe(false)
    expect(mendable(findings)?.file).toBe('/l.2.incr.aof')
    const middle = await diskWith({ ...files, 'l.1.incr.aof': torn, 'l.2.incr.aof': SET })
    expect(mendable(await checkAof(worldOf(middle), '/l.manifest'))).toBeNull()
    const empty = await diskWith({ ...files, 'l.1.incr.aof': torn, 'l.2.incr.aof': '' })
    expect(mendable(await checkAof(worldOf(empty), '/l.manifest'))?.file).toBe('/l.1.incr.aof')
  })

  test('a damaged snapshot is told, and never cut off', async () => {
    const damaged = Buffer.from(base())
    damaged[damaged.length - 20] ^= 1
    const disk = await diskWith({
      'l.manifest': 'file l.1.base.rdb seq 1 type b\n',
      'l.1.base.rdb': damaged,
    })
    const findings = await checkAof(worldOf(disk), '/l.manifest')
    expect(isSound(findings)).toBe(false)
    expect(mendable(findings)).toBeNull()
  })

  test('one that says nonsense is told with its line', async () => {
    const disk = await diskWith({ 'l.manifest': 'file x seq 1\n' })
    const findings = await checkAof(worldOf(disk), '/l.manifest')
    expect(findings.manifestProblem).toContain("(line 1: 'file x seq 1')")
    expect(isSound(findings)).toBe(false)
  })
})

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'redstart-check-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What redis-check-aof says of a file: its exit code is the verdict. */
function theirVerdict(path: string): boolean {
  try {
    execFileSync('redis-check-aof', [path], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

test.skipIf(findOracle() === null)(
  'redis-check-aof comes to the same verdict (needs redis-tools)',
  async () => {
    const whole = Buffer.concat([SET, Buffer.from('#TS:1700000000\n'), UNIT])
    const random = seededRandom(3)
    const cuts = [
      whole.length,
      SET.length,
      ...Array.from({ length: 12 }, () => 1 + random.below(whole.length - 1)),
    ]
    for (const length of cuts) {
      const path = join(folder, 'log.aof')
      writeFileSync(path, whole.subarray(0, length))
      const ours = isSound(await check(readFileSync(path)))
      expect(ours, `cut at ${length}`).toBe(theirVerdict(path))
    }
  },
)
