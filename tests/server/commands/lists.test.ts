import { describe, expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { ReplyError } from '../../support/reply.js'
import { notifies, propagates } from '../../support/session.js'

describe('what replicas are told of lists', () => {
  propagates('RPUSH l a b', 'RPUSH l a b')
  propagates('LPUSHX l a')
  propagates(['RPUSH l a b', 'LPOP l'], 'LPOP l')
  propagates(['RPUSH l a', 'LTRIM l 0 -1'])
  propagates(['RPUSH l a', 'LREM l 0 b'])
  propagates(['RPUSH l a', 'BLPOP none l 0'], 'LPOP l')
  propagates(['RPUSH l a b c', 'LMPOP 1 l RIGHT COUNT 2'], 'RPOP l 2')
  propagates(['RPUSH l a b c', 'BLMPOP 0 1 l LEFT COUNT 9'], 'LPOP l 3')
  propagates(['RPUSH l a', 'BLMOVE l m LEFT RIGHT 0'], 'LMOVE l m LEFT RIGHT')
  propagates(['RPUSH l a', 'BRPOPLPUSH l m 0'], 'RPOPLPUSH l m')
  propagates(['RPUSH l a b', 'LMOVEM l m LEFT LEFT COUNT 2 BULK'], 'MULTI', 'LPOP l 2', 'LPUSH m b a', 'EXEC')
  propagates(['RPUSH l 2 1', 'SORT l STORE m'], 'SORT l STORE m')
  propagates('SORT none STORE m')

  test('one who waited is a unit of its own, behind the push', () => {
    const world = testEngine()
    world.client('w').send('BLPOP l 0')
    world.ask('RPUSH l a')
    expect(world.history).toEqual(['RPUSH l a', 'LPOP l'])
  })

  test('one who waited is served behind the transaction', () => {
    const world = testEngine()
    world.client('w').send('BLMOVE l m LEFT RIGHT 0')
    for (const line of ['MULTI', 'RPUSH l a', 'SET s 1', 'EXEC']) world.ask(line)
    expect(world.history).toEqual(['MULTI', 'RPUSH l a', 'SET s 1', 'EXEC', 'LMOVE l m LEFT RIGHT'])
  })
})

describe('events of lists', () => {
  notifies('RPUSH l a b', 'rpush l')
  notifies(['RPUSH l a', 'LPOP l'], 'lpop l', 'del l')
  notifies(['RPUSH l a', 'LMOVE l m LEFT RIGHT'], 'rpush m', 'lpop l', 'del l')
  notifies(['RPUSH l a b', 'LSET l 0 c'], 'lset l')
  notifies(['RPUSH l a b', 'LINSERT l AFTER a c'], 'linsert l')
  notifies(['RPUSH l a', 'LREM l 1 a'], 'lrem l', 'del l')
  notifies(['RPUSH l a', 'LTRIM l 1 2'], 'ltrim l', 'del l')
  notifies(['RPUSH l 1', 'SORT l STORE m'], 'sortstore m')
})

describe('waiting clients', () => {
  test('CLIENT UNBLOCK answers as a timeout or with an error', () => {
    const world = testEngine()
    const waiting = world.client('w')
    for (const [reason, expected] of [
      ['', null],
      [' TIMEOUT', null],
      [' ERROR', new ReplyError('UNBLOCKED client unblocked via CLIENT UNBLOCK')],
    ] as const) {
      waiting.send('BLPOP l 0')
      expect(world.ask(`CLIENT UNBLOCK ${waiting.session.id}${reason}`)).toBe(1)
      expect(waiting.receive().value).toEqual(expected)
    }
    expect(world.ask(`CLIENT UNBLOCK ${waiting.session.id}`)).toBe(0)
    expect(world.engine.waiting.keys).toBe(0)
    expect(world.engine.stats.errors.get('UNBLOCKED')).toBe(1)
    expect(waiting.session.lastCommand?.stats.failed).toBe(1)
  })

  test('one who goes away is in no queue any more', () => {
    const world = testEngine()
    const gone = world.client('w')
    gone.send('BLPOP k l 0')
    expect(world.engine.waiting.blocked).toBe(1)
    gone.close()
    expect(world.engine.waiting.blocked).toBe(0)
    expect(world.engine.waiting.keys).toBe(0)
    world.ask('RPUSH l a')
    expect(world.ask('LLEN l')).toBe(1)
  })

  test('a pipeline goes on, in order, behind what was waited for', () => {
    const world = testEngine()
    const waiting = world.client('w')
    waiting.send('BLPOP l 0')
    waiting.send('BLPOP l 0')
    waiting.send('PING')
    world.ask('RPUSH l a b')
    expect([1, 2, 3].map(() => waiting.receive().value)).toEqual([['l', 'a'], ['l', 'b'], 'PONG'])
  })

  test('what may no more be done is refused when its time has come', () => {
    const world = testEngine({ config: { maxmemory: '0' } })
    const waiting = world.client('w')
    waiting.send('BLMOVE l m LEFT RIGHT 0')
    world.ask('MULTI')
    world.ask('RPUSH l a')
    world.ask('CONFIG SET maxmemory 1')
    world.ask('EXEC')
    expect(waiting.receive().value).toEqual(
      new ReplyError("OOM command not allowed when used memory > 'maxmemory'."),
    )
    world.ask('CONFIG SET maxmemory 0')
    expect(world.ask('LLEN l')).toBe(1)
  })

  test('CLIENT REPLY OFF silences what was waited for', () => {
    const world = testEngine()
    const waiting = world.client('w')
    waiting.send('CLIENT REPLY OFF')
    waiting.send('BLPOP l 0')
    world.ask('RPUSH l a')
    waiting.send('CLIENT REPLY ON')
    expect(waiting.receive().value).toBe('OK')
    expect(waiting.waiting).toBe(0)
  })

  test('of a thousand who wait, one push serves the first', () => {
    const world = testEngine()
    for (let i = 0; i < 1000; i++) world.client(`w${i}`).send('BLPOP l 0')
    world.ask('RPUSH l a')
    expect(world.client('w0').receive().value).toEqual(['l', 'a'])
    expect(world.engine.waiting.blocked).toBe(999)
  })
})
