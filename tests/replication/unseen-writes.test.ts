import { expect, test } from 'vitest'
import { Backlog } from '../../replication/backlog.js'
import { UnseenWrites } from '../../replication/unseen-writes.js'
import { Mem } from '../../server/lib/bytes.js'
import { splitReplies } from '../support/reply.js'
import { encodeRequest, lineOf } from '../support/request.js'

/** A stream as a master writes it: marks where commands begin, SELECT where the database changes. */
class Stream {
  readonly backlog: Backlog
  private database = -1

  constructor(size: number) {
    this.backlog = new Backlog(0, () => size)
  }

  write(database: number, line: string): number {
    this.backlog.mark(this.database)
    if (database !== this.database) this.add(`SELECT ${database}`)
    this.database = database
    this.add(line)
    return this.backlog.end
  }

  private add(line: string): void {
    const bytes = encodeRequest(line)
    this.backlog.add(Mem.copyOf(bytes), 0, bytes.length)
  }
}

async function linesOf(unseen: UnseenWrites): Promise<string[]> {
  const pieces: Buffer[] = []
  for (let piece = await unseen.next(100); piece.length > 0; piece = await unseen.next(100))
    pieces.push(piece)
  unseen.close()
  return splitReplies(Buffer.concat(pieces)).replies.map(({ value }) => lineOf(value as string[]))
}

test('the writes behind a place, with the database they are for', async () => {
  const stream = new Stream(1 << 20)
  stream.write(0, 'SET a 1')
  const from = stream.write(3, 'SET b 2')
  for (const line of ['PING', 'SET c 3', 'REPLCONF GETACK *', 'PUBLISH x y']) stream.write(3, line)
  for (const line of ['MULTI', 'SET d 4', 'DEL e', 'EXEC']) stream.write(5, line)
  const unseen = new UnseenWrites(stream.backlog, from)
  const wanted = ['SELECT 3', 'SET c 3', 'SELECT 5', 'MULTI', 'SET d 4', 'DEL e', 'EXEC']
  expect(await linesOf(unseen)).toEqual(wanted)
  expect([unseen.writes, unseen.missing]).toEqual([3, 0])
})

test('nothing, where only the replicas were spoken to', async () => {
  const stream = new Stream(1 << 20)
  const from = stream.write(0, 'SET a 1')
  stream.write(0, 'PING')
  const unseen = new UnseenWrites(stream.backlog, from)
  expect(await linesOf(unseen)).toEqual([])
  expect(unseen.writes).toBe(0)
})

test('what the backlog has dropped is missing, and the rest begins with a whole command', async () => {
  const stream = new Stream(20_000)
  const ends = [0]
  for (let i = 0; i < 5000; i++) ends.push(stream.write(i % 2, `SET key:${i} value`))
  const unseen = new UnseenWrites(stream.backlog, 0)
  const lines = (await linesOf(unseen)).filter(line => line.startsWith('SET'))
  expect(unseen.missing).toBeGreaterThan(0)
  expect(lines).toHaveLength(unseen.writes)
  const first = 5000 - unseen.writes
  expect(lines[0]).toBe(`SET key:${first} value`)
  expect(ends[first]).toBe(unseen.missing)
})
