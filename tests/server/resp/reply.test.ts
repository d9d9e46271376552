import { describe, expect, test } from 'vitest'
import { Mem } from '../../../server/lib/bytes.js'
import { CHUNK_BYTES, ChunkPool, LARGE_CHUNK_BYTES } from '../../../server/resp/chunks.js'
import { type FilledChunk, ReplyWriter } from '../../../server/resp/reply.js'

test('a reply that was taken back leaves no chunk behind when the client goes', () => {
  const pool = new ChunkPool()
  const reply = new ReplyWriter(pool)
  reply.simple('PONG')
  reply.rewind(0)
  reply.discard()
  expect(pool.lent).toBe(0)
})

describe('a muted writer', () => {
  test('keeps what stood before and what comes after, and nothing in between', () => {
    const pool = new ChunkPool()
    const reply = new ReplyWriter(pool)
    reply.simple('BEFORE')
    reply.mute()
    for (let i = 0; i < 10; i++) reply.text('x'.repeat(CHUNK_BYTES / 3))
    reply.closeArray(reply.openArray(), 0)
    expect(reply.unheard).toBe(true)
    reply.unmute()
    reply.simple('AFTER')
    expect([reply.unheard, sent(reply, pool)]).toEqual([false, ['+BEFORE\r\n+AFTER\r\n']])
    expect(pool.lent).toBe(0)
  })

  test('takes no memory for a value that nobody hears of', () => {
    const pool = new ChunkPool()
    const reply = new ReplyWriter(pool)
    reply.mute()
    reply.buffer(Buffer.alloc(1 << 20))
    reply.bulkBytes(Mem.copyOf(Buffer.alloc(1 << 20)), 0, 1 << 20)
    expect(pool.lent).toBe(0)
    for (let i = 0; i < 100; i++) reply.text('x'.repeat(CHUNK_BYTES / 2))
    expect(pool.lent).toBe(CHUNK_BYTES)
  })
})

/** The bytes that a taker would send, piece by piece; pieces that are the pool's are given back. */
function sent(reply: ReplyWriter, pool: ChunkPool): string[] {
  const pieces: string[] = []
  for (let chunk = reply.takeFirst(); chunk !== null; chunk = reply.takeFirst()) {
    pieces.push(chunk.mem.first(chunk.length).toString('latin1'))
    pool.giveBack(chunk)
  }
  return pieces
}

const sharedBytes = (text: string): FilledChunk => ({
  mem: Mem.copyOf(Buffer.from(text, 'latin1')),
  length: text.length,
  shared: true,
})

describe('shared bytes', () => {
  test('that stand alone are sent from where they are', () => {
    const pool = new ChunkPool()
    const reply = new ReplyWriter(pool)
    const news = sharedBytes('+news\r\n')
    reply.share(news)
    expect([reply.length, reply.chunks, pool.lent]).toEqual([7, 1, 0])
    expect(reply.takeFirst()).toBe(news)
    expect([reply.length, reply.takeFirst()]).toEqual([0, null])
  })

  test('go out in one piece with what follows them or stands before them', () => {
    const pool = new ChunkPool()
    const reply = new ReplyWriter(pool)
    reply.share(sharedBytes('+news\r\n'))
    reply.simple('PONG')
    reply.share(sharedBytes('+more\r\n'))
    expect(sent(reply, pool)).toEqual(['+news\r\n+PONG\r\n+more\r\n'])
    expect(pool.lent).toBe(0)
  })

  test('are followed by what does not fit any chunk of the pool', () => {
    const pool = new ChunkPool()
    const reply = new ReplyWriter(pool)
    const long = 'x'.repeat(2 * LARGE_CHUNK_BYTES)
    reply.share(sharedBytes('+news\r\n'))
    reply.raw(long)
    expect(sent(reply, pool).join('')).toBe(`+news\r\n${long}`)
    expect(pool.lent).toBe(0)
  })

  test('can be taken all at once, taken back, and thrown away', () => {
    const pool = new ChunkPool()
    const reply = new ReplyWriter(pool)
    reply.share(sharedBytes('+news\r\n'))
    expect(reply.take().map(({ mem, length }) => mem.first(length).toString())).toEqual(['+news\r\n'])
    reply.share(sharedBytes('+news\r\n'))
    reply.rewind(7)
    expect(reply.length).toBe(7)
    reply.rewind(0)
    expect([reply.length, reply.takeFirst()]).toEqual([0, null])
    reply.share(sharedBytes('+news\r\n'))
    reply.discard()
    expect([reply.length, reply.takeFirst()]).toEqual([0, null])
  })

  test('of a size that a client may not have are not kept for it', () => {
    const reply = new ReplyWriter(new ChunkPool())
    const asked: number[] = []
    reply.guard = { mayGrow: bytes => asked.push(bytes) < 0 }
    reply.share(sharedBytes('x'.repeat(CHUNK_BYTES)))
    expect([reply.overflowed, reply.length]).toEqual([false, CHUNK_BYTES])
    reply.discard()
    reply.share(sharedBytes('x'.repeat(CHUNK_BYTES + 1)))
    expect([reply.overflowed, asked[0]]).toEqual([true, CHUNK_BYTES + 1])
  })
})
