import { describe, expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { notifies, play, propagates } from '../../support/session.js'
import { hashes } from '../../sessions/hashes.js'

for (const each of hashes) play(each)

describe('what is told of hashes', () => {
  propagates('HSET h a 1', 'HSET h a 1')
  propagates(['HSET h a 1', 'HSETNX h a 2'])
  propagates('HINCRBY h a 2', 'HINCRBY h a 2')
  propagates('HINCRBYFLOAT h a 0.5', 'HSET h a 0.5')
  propagates(['HIMPORT PREPARE f a b', 'HIMPORT SET h f 1 2'], 'HSET h a 1 b 2')
  propagates(
    ['HIMPORT PREPARE f a b', 'HSET h c 3', 'HIMPORT SET h f 1 2'],
    ...['MULTI', 'DEL h', 'HSET h a 1 b 2', 'EXEC'],
  )
  notifies('HSET h a 1 b 2', 'hset h')
  notifies('HINCRBY h a 2', 'hincrby h')
  notifies('HINCRBYFLOAT h a 2', 'hincrbyfloat h')
  notifies(['HSET h a 1 b 2', 'HDEL h a'], 'hdel h')
  notifies(['HSET h a 1 b 2', 'HDEL h a b'], 'hdel h', 'del h')
  notifies(['HSET h a 1', 'HDEL h x'])
})

describe('what is told of the times of fields', () => {
  propagates(['HSET h a 1 b 2', 'HEXPIRE h 10 FIELDS 3 a b x'], 'HPEXPIREAT h 1000010000 FIELDS 2 a b')
  propagates(['HSET h a 1', 'HEXPIRE h 10 FIELDS 2 a a'], 'HPEXPIREAT h 1000010000 FIELDS 1 a')
  propagates(['HSET h a 1 b 2', 'HEXPIRE h 0 FIELDS 2 a a'], 'HDEL h a')
  propagates(['HSET h a 1', 'HEXPIRE h 10 XX FIELDS 1 a'])
  propagates(['HSET h a 1', 'HGETDEL h FIELDS 2 a b'], 'HDEL h a')
  propagates(['HSET h a 1', 'HGETEX h EX 1 FIELDS 1 a'], 'HPEXPIREAT h 1000001000 FIELDS 1 a')
  propagates(
    'HSETEX h EX 1 FIELDS 1 a 1',
    'MULTI',
    'HSET h a 1',
    'HPEXPIREAT h 1000001000 FIELDS 1 a',
    'EXEC',
  )
  notifies(['HSET h a 1', 'HEXPIRE h 10 FIELDS 1 a'], 'hexpire h')
  notifies(['HSET h a 1', 'HEXPIRE h 0 FIELDS 1 a'], 'hdel h', 'del h')
  notifies(['HSETEX h EX 9 FIELDS 1 a 1', 'HPERSIST h FIELDS 1 a'], 'hpersist h')

  test.each([
    ['HSETEX h KEEPTTL FIELDS 2 a 7 b 8', ['HSET h a 7 b 8', 'HPEXPIREAT h 1000001000 FIELDS 1 b']],
    ['HINCRBY h a 7', ['HSET h a 7']],
    ['HINCRBY h b 7', ['HSET h b 9', 'HPEXPIREAT h 1000001000 FIELDS 1 b', 'HDEL h a']],
    ['HSETNX h a 7', ['HSET h a 7']],
  ])('%s: who repeats it may not have buried the dead field yet', (asked, told) => {
    const world = testEngine()
    world.ask('HSET h a 1 b 2')
    world.ask('HPEXPIRE h 50 FIELDS 1 a')
    world.ask('HPEXPIRE h 1000 FIELDS 1 b')
    world.history.length = 0
    world.clock.stall(100_000)
    world.ask(asked)
    expect(world.history.filter(line => line !== 'MULTI' && line !== 'EXEC')).toEqual(told)
  })

  test('the death of a field is HDEL, and the death of the last one is the death of the hash', () => {
    const world = testEngine()
    world.ask('HSET h a 1 b 2')
    world.ask('HPEXPIRE h 50 FIELDS 1 a')
    world.ask('HPEXPIRE h 1000 FIELDS 1 b')
    world.history.length = 0
    world.events.length = 0
    world.advance(500)
    expect(world.history).toEqual(['HDEL h a'])
    expect(world.events).toEqual(['hexpired h'])
    world.advance(1000)
    expect(world.history).toEqual(['HDEL h a', 'HDEL h b'])
    expect(world.events.slice(1)).toEqual(['hexpired h', 'del h'])
    world.audit()
  })

  test('fields with times survive DUMP and RESTORE, FLUSHALL and SWAPDB', () => {
    const world = testEngine()
    world.ask('HSET h a 1 b 2')
    world.ask('HEXPIRE h 10 FIELDS 1 a')
    const payload = Buffer.from(world.ask('DUMP h') as string, 'latin1')
    world.ask(['RESTORE', 'g', '0', payload])
    expect(world.ask('HTTL g FIELDS 2 a b')).toEqual([10, -1])
    world.ask('SWAPDB 0 1')
    world.advance(20_000)
    world.ask('SELECT 1')
    expect(world.ask('HGETALL g')).toEqual(['b', '2'])
    world.ask('HEXPIRE g 10 FIELDS 1 b')
    world.ask('FLUSHALL')
    world.audit()
  })
})
