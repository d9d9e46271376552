import { describe } from 'vitest'
import { notifies, play, propagates } from '../../support/session.js'
import { hashes } from '../../sessions/hashes.js'

for (const each of hashes) play(each)

describe('what is told of hashes', () => {
  propagates('HSET h a 1', 'HSET h a 1')
  propagates(['HSET h a 1', 'HSETNX h a 2'])
  propagates('HINCRBY h a 2', 'HINCRBY h a 2')
  propagates('HINCRBYFLOAT h a 0.5', 'HSET h a 0.5')
  notifies('HSET h a 1 b 2', 'hset h')
  notifies('HINCRBY h a 2', 'hincrby h')
  notifies('HINCRBYFLOAT h a 2', 'hincrbyfloat h')
  notifies(['HSET h a 1 b 2', 'HDEL h a'], 'hdel h')
  notifies(['HSET h a 1 b 2', 'HDEL h a b'], 'hdel h', 'del h')
  notifies(['HSET h a 1', 'HDEL h x'])
})
