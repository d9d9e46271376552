import { expect, test } from 'vitest'
import { Backlog, type BacklogReader } from '../../replication/backlog.js'
import { Mem } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'

function readAll(reader: BacklogReader): string {
  let read = ''
  for (let piece = reader.next(); piece !== null; piece = reader.next()) {
    read += Buffer.from(piece).toString('latin1')
    reader.advance(piece.length)
  }
  return read
}

function write(backlog: Backlog, text: string): void {
  backlog.add(Mem.copyOf(Buffer.from(text)), 0, text.length)
}

test('a reader gets what is written behind its place', () => {
  const backlog = new Backlog(10, () => 1000)
  write(backlog, 'hello ')
  const reader = backlog.readFrom(13)
  expect(readAll(reader)).toBe('lo ')
  write(backlog, 'world')
  expect(reader.left).toBe(5)
  expect(readAll(reader)).toBe('world')
  expect(reader.next()).toBe(null)
  expect([backlog.start, backlog.end]).toEqual([10, 21])
})

test('what nobody needs is dropped, what a slow reader needs is not', () => {
  const backlog = new Backlog(0, () => 20_000)
  const slow = backlog.readFrom(0)
  const kilobyte = 'x'.repeat(1024)
  for (let i = 0; i < 200; i++) write(backlog, kilobyte)
  expect(backlog.start).toBe(0)
  expect(readAll(slow)).toHaveLength(200 * 1024)
  expect(backlog.end - backlog.start).toBeLessThan(20_000 + 16 * 1024)
  expect(backlog.end - backlog.start).toBeGreaterThanOrEqual(20_000)
  slow.close()
  for (let i = 0; i < 200; i++) write(backlog, kilobyte)
  expect(backlog.end - backlog.start).toBeLessThan(20_000 + 16 * 1024)
  expect(backlog.memory).toBeLessThan(64 * 1024)
})

test('random readers see what a plain string of the history says', () => {
  const random = seededRandom(7)
  const backlog = new Backlog(0, () => 50_000)
  const readers = new Map<BacklogReader, number>()
  let history = ''
  for (let round = 0; round < 3000; round++) {
    const text = random.hex(random.uint32() % 200)
    write(backlog, text)
    history += text
    expect(backlog.end).toBe(history.length)
    if (readers.size < 5) {
      const from = backlog.start + (random.uint32() % (backlog.end - backlog.start + 1))
      readers.set(backlog.readFrom(from), from)
    }
    const [reader] = [...readers.keys()].slice(random.uint32() % readers.size)
    const piece = reader.next()
    if (piece !== null) {
      const count = 1 + (random.uint32() % piece.length)
      const read = Buffer.from(piece.subarray(0, count)).toString()
      expect(read).toBe(history.slice(reader.position, reader.position + count))
      reader.advance(count)
    }
    if (random.uint32() % 50 === 0) {
      reader.close()
      readers.delete(reader)
    }
  }
})
