import { beforeEach, describe, expect, test } from 'vitest'
import { VirtualClock } from '../../../server/lib/clock.js'
import type { Disk, OpenMode } from '../../../server/lib/disk.js'
import { seededRandom } from '../../../server/lib/random.js'
import { SimulatedDisk } from '../../../server/lib/simulated-disk.js'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const text = (disk: Disk, path: string): string => disk.readFileSync(path).toString('latin1')
const SEEDS = Array.from({ length: 200 }, (_, seed) => seed)

async function write(disk: Disk, path: string, contents: string, mode: OpenMode = 'create'): Promise<void> {
  const file = await disk.open(path, mode)
  await file.append(bytes(contents))
  await file.close()
}

async function writeSafely(disk: Disk, path: string, contents: string): Promise<void> {
  await disk.writeFileAtomically(path, bytes(contents))
}

let disk: SimulatedDisk
beforeEach(() => {
  disk = new SimulatedDisk({ random: seededRandom(1) })
})

describe('a power cut', () => {
  test('loses what was not synced from some point on, perhaps tearing a write', async () => {
    const outcomes = new Set<string>()
    for (const seed of SEEDS) {
      const disk = new SimulatedDisk({ random: seededRandom(seed) })
      await writeSafely(disk, '/aof', 'safe.')
      const file = await disk.open('/aof', 'append')
      for (const part of ['one.', 'two.', 'six.']) await file.append(bytes(part))
      disk.crash()
      outcomes.add(text(disk, '/aof'))
    }
    const whole = 'safe.one.two.six.'
    for (const outcome of outcomes) {
      const kept = outcome.replace(/\0+$/, '')
      expect(kept.length).toBeGreaterThanOrEqual(5)
      expect(whole.startsWith(kept)).toBe(true)
    }
    expect(outcomes).toContain('safe.')
    expect(outcomes).toContain(whole)
    expect([...outcomes].some(outcome => outcome.endsWith('\0'))).toBe(true)
    expect([...outcomes].some(outcome => outcome === 'safe.one.t')).toBe(true)
  })

  test('keeps what was synced', async () => {
    for (const seed of SEEDS) {
      const disk = new SimulatedDisk({ random: seededRandom(seed) })
      const file = await disk.open('/a', 'create')
      await disk.syncFolder('/')
      await file.append(bytes('kept'))
      await file.sync()
      await file.append(bytes('perhaps'))
      disk.crash()
      expect(text(disk, '/a').startsWith('kept')).toBe(true)
    }
  })

  test('forgets names that their folder was not synced for', async () => {
    const outcomes = new Set<string>()
    for (const seed of SEEDS) {
      const disk = new SimulatedDisk({ random: seededRandom(seed) })
      await write(disk, '/a', '')
      await disk.rename('/a', '/b')
      disk.crash()
      outcomes.add((await disk.list('/')).join())
    }
    expect([...outcomes].sort()).toEqual(['', 'a', 'b'])
  })

  test('finds the old contents or the new after an atomic write, never a mixture', async () => {
    const outcomes = new Set<string>()
    for (const seed of SEEDS) {
      const random = seededRandom(seed)
      const clock = new VirtualClock()
      const disk = new SimulatedDisk({ random, clock, latencyMaxMs: 3 })
      disk.writeFileAtomicallySync('/a', bytes('old'))
      void disk.writeFileAtomically('/a', bytes('new'))
      for (let i = random.below(20); i > 0; i--) {
        await new Promise(setImmediate)
        clock.advance(1)
      }
      disk.crash()
      outcomes.add(text(disk, '/a'))
    }
    expect([...outcomes].sort()).toEqual(['new', 'old'])
  })

  test('takes what was in a lost folder along', async () => {
    let lost = 0
    for (const seed of SEEDS) {
      const disk = new SimulatedDisk({ random: seededRandom(seed) })
      await disk.mkdir('/d')
      await writeSafely(disk, '/d/a', 'x')
      disk.crash()
      if (disk.existsSync('/d')) continue
      expect(disk.existsSync('/d/a')).toBe(false)
      lost++
    }
    expect(lost).toBeGreaterThan(0)
  })

  test('kills open files and never answers what was under way', async () => {
    const clock = new VirtualClock()
    const disk = new SimulatedDisk({ random: seededRandom(1), clock, latencyMaxMs: 1 })
    disk.writeFileAtomicallySync('/a', bytes('x'))
    const opening = disk.open('/a', 'append')
    clock.advance(1)
    const file = await opening
    let answered = false
    void file.append(bytes('y')).finally(() => (answered = true))
    disk.crash()
    clock.advance(10)
    await new Promise(setImmediate)
    expect(answered).toBe(false)
    await expect(file.append(bytes('z'))).rejects.toMatchObject({ code: 'EBADF' })
    expect(text(disk, '/a')).toBe('x')
  })

  test('is the same for the same seed', async () => {
    const run = async (seed: number): Promise<string> => {
      const disk = new SimulatedDisk({ random: seededRandom(seed) })
      await writeSafely(disk, '/a', '')
      for (let i = 0; i < 20; i++) await write(disk, '/a', 'some bytes', 'append')
      disk.crash()
      return text(disk, '/a')
    }
    for (const seed of SEEDS.slice(0, 20)) expect(await run(seed)).toBe(await run(seed))
  })
})

test('the death of the process alone loses nothing', async () => {
  const file = await disk.open('/a', 'create')
  await file.append(bytes('unsynced'))
  disk.kill()
  expect(text(disk, '/a')).toBe('unsynced')
  await expect(file.sync()).rejects.toMatchObject({ code: 'EBADF' })
})

test('a failed sync loses the bytes although readers still see them, whatever later syncs say', async () => {
  await writeSafely(disk, '/a', 'safe')
  const file = await disk.open('/a', 'append')
  await file.append(bytes('+lost'))
  disk.fail({ on: 'sync', code: 'EIO' })
  await expect(file.sync()).rejects.toMatchObject({ code: 'EIO' })
  await file.sync()
  expect(text(disk, '/a')).toBe('safe+lost')
  disk.crash()
  expect(text(disk, '/a')).toBe('safe')
})

describe('a full disk', () => {
  test('takes what fits and says ENOSPC', async () => {
    disk.capacityBytes = 10
    const file = await disk.open('/a', 'create')
    await file.append(bytes('1234567'))
    await expect(file.append(bytes('89abcd'))).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(text(disk, '/a')).toBe('123456789a')
    expect(await disk.freeBytes('/')).toBe(0)
    await file.writeAt(0, bytes('X'))
    await file.truncate(1)
    expect(await disk.freeBytes('/')).toBe(9)
  })

  test('leaves the old file when an atomic write does not fit', async () => {
    await writeSafely(disk, '/a', 'old')
    disk.capacityBytes = 5
    await expect(disk.writeFileAtomically('/a', bytes('newer'))).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(() => disk.writeFileAtomicallySync('/a', bytes('newer'))).toThrow(/ENOSPC/)
    expect(await disk.list('/')).toEqual(['a'])
    expect(text(disk, '/a')).toBe('old')
  })
})

describe('ordered faults', () => {
  test('hit the operation and path they name, as often as they say', async () => {
    disk.fail({ on: 'write', code: 'EIO', path: '/b', times: 2 })
    await write(disk, '/a', 'fine')
    await expect(write(disk, '/b', 'x')).rejects.toMatchObject({ code: 'EIO' })
    await expect(write(disk, '/b', 'x')).rejects.toMatchObject({ code: 'EIO' })
    await write(disk, '/b', 'x')
  })

  test('by chance hit about as often as asked', async () => {
    disk.eioChance = 0.1
    let failures = 0
    for (let i = 0; i < 1000; i++) await disk.stat('/').catch(() => failures++)
    expect(Math.abs(failures - 100)).toBeLessThan(60)
  })
})

test('operations take virtual time and may end in another order', async () => {
  const orders = new Set<string>()
  for (const seed of SEEDS.slice(0, 30)) {
    const clock = new VirtualClock()
    const disk = new SimulatedDisk({ random: seededRandom(seed), clock, latencyMaxMs: 10 })
    const ended: string[] = []
    void disk.mkdir('/a').then(() => ended.push('a'))
    void disk.mkdir('/b').then(() => ended.push('b'))
    for (let ms = 0; ms < 10; ms++) {
      clock.advance(1)
      await new Promise(setImmediate)
    }
    orders.add(ended.join(''))
  }
  expect([...orders].sort()).toEqual(['ab', 'ba'])
})
