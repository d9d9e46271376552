import { expect, test } from 'vitest'
import { ChunkPool } from '../../../server/resp/chunks.js'
import { ReplyWriter } from '../../../server/resp/reply.js'

test('a reply that was taken back leaves no chunk behind when the client goes', () => {
  const pool = new ChunkPool()
  const reply = new ReplyWriter(pool)
  reply.simple('PONG')
  reply.rewind(0)
  reply.discard()
  expect(pool.lent).toBe(0)
})
