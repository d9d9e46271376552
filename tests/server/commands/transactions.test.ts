import { describe, expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { after, error, propagates, session } from '../../support/session.js'

describe('what a transaction propagates', () => {
  propagates(['MULTI', 'SET a 1', 'EXEC'], 'SET a 1')
  propagates(['MULTI', 'SET a 1', 'GET a', 'SET b 2', 'EXEC'], 'MULTI', 'SET a 1', 'SET b 2', 'EXEC')
  propagates(['MULTI', 'GET a', 'EXEC'])
  propagates(['MULTI', 'EXEC'])
  propagates(['MULTI', 'DEL missing', 'EXEC'])
  propagates(['SET a text', 'MULTI', 'INCR a', 'SET b 1', 'EXEC'], 'SET b 1')
  propagates(['MULTI', 'SET a 1', 'SCAN 0', 'SET b 2', 'EXEC'], 'MULTI', 'SET a 1', 'SET b 2', 'EXEC')
  propagates(['MULTI', 'SET a 1', 'DISCARD'])
  propagates(['WATCH a', 'SET a 1', 'MULTI', 'SET a 2', 'EXEC'])
})

describe('WATCH of keys that are dead but not deleted', () => {
  const dead = [['SET x foo PX 1', 'OK'], [after(2)], ['WATCH x', 'OK']] as const

  session('their deletion is no change', [
    ...dead,
    ['EXISTS x', 0],
    ['MULTI', 'OK'],
    ['PING', 'QUEUED'],
    ['EXEC', ['PONG']],
  ])

  session('a flush is no change', [...dead, ['FLUSHDB', 'OK'], ['MULTI', 'OK'], ['EXEC', []]])

  session('to come to life again is a change', [
    ...dead,
    ['SET x bar', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', null],
  ])

  session('to be deleted and then made is a change', [
    ...dead,
    ['EXISTS x', 0],
    ['SET x bar', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', null],
  ])

  session('to be exchanged for no key is no change', [
    ['SELECT 1', 'OK'],
    ...dead,
    ['SWAPDB 0 1', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', []],
  ])

  session('a missing key exchanged for a dead one is no change', [
    ['SET x foo PX 1', 'OK'],
    [after(2)],
    ['SELECT 1', 'OK'],
    ['WATCH x', 'OK'],
    ['SWAPDB 0 1', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', []],
  ])

  session('one dead key in the place of another is no change', [
    ['SET x bar PX 1', 'OK'],
    ['SELECT 1', 'OK'],
    ...dead,
    ['SWAPDB 0 1', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', []],
  ])
})

describe('memory', () => {
  const OOM = "OOM command not allowed when used memory > 'maxmemory'."

  session('a command refused for want of memory aborts the transaction', [
    ['CONFIG SET maxmemory 1', 'OK'],
    ['MULTI', 'OK'],
    ['SET x 1', error(OOM)],
    ['DISCARD', 'OK'],
    ['MULTI', 'OK'],
    ['SET x 1', error(OOM)],
    ['EXEC', error('EXECABORT Transaction discarded because of previous errors.')],
  ])

  test('EXEC of reads runs, EXEC of writes is refused and ends the transaction', () => {
    const world = testEngine()
    const [reader, writer] = [world.client('reader'), world.client('writer')]
    for (const line of ['MULTI', 'GET x']) reader.ask(line)
    for (const line of ['MULTI', 'SET x 1']) writer.ask(line)
    world.ask('CONFIG SET maxmemory 1')
    expect(reader.ask('EXEC')).toEqual([null])
    expect(writer.ask('EXEC')).toEqual(error(`EXECABORT Transaction discarded because of: ${OOM}`))
    expect(writer.ask('EXEC')).toEqual(error('ERR EXEC without MULTI'))
  })
})
