import { describe, expect, test } from 'vitest'
import { stringCommands } from '../../../server/commands/strings/index.js'
import { seededRandom } from '../../../server/lib/random.js'
import { testEngine } from '../../support/engine.js'
import { notifies, propagates } from '../../support/session.js'

describe('what others are told of', () => {
  propagates('SET a b', 'SET a b')
  propagates('SET a b NX', 'SET a b NX')
  propagates(['SET a b', 'SET a c NX'])
  propagates('SET a b XX')
  propagates('SET lock a NX PX 1000', 'SET lock a PXAT 1000001000')
  propagates('SET a b EX 10', 'SET a b PXAT 1000010000')
  propagates('SET a b EXAT 2000000', 'SET a b PXAT 2000000000')
  propagates('SET a b PXAT 1', 'SET a b PXAT 1')
  propagates(['SET a b PXAT 1', 'GET a'], 'DEL a')
  propagates(['SET a b PX 5', 'SET a c KEEPTTL'], 'SET a c KEEPTTL')
  propagates('SET a b GET', 'SET a b')
  propagates(['SET a b', 'SET a c XX GET KEEPTTL'], 'SET a c KEEPTTL')
  propagates(['SET a b', 'SET a c NX GET'])
  propagates(['SET a b', 'SET a c IFEQ b'], 'SET a c')
  propagates(['SET a b', 'SET a c IFEQ b KEEPTTL'], 'SET a c KEEPTTL')
  propagates(['SET a b', 'SET a c IFEQ b EX 10'], 'SET a c PXAT 1000010000')
  propagates(['SET a b', 'SET a c IFEQ x'])
  propagates('SETNX a b', 'SETNX a b')
  propagates(['SET a b', 'SETNX a c'])
  propagates('SETEX a 10 b', 'SET a b PXAT 1000010000')
  propagates('PSETEX a 10 b', 'SET a b PXAT 1000000010')
  propagates('GETSET a b', 'SET a b')
  propagates(['SET a b', 'GETEX a'])
  propagates(['SET a b', 'GETEX a EX 10'], 'PEXPIREAT a 1000010000')
  propagates(['SET a b', 'GETEX a PXAT 1'], 'DEL a')
  propagates(['SET a b EX 10', 'GETEX a PERSIST'], 'PERSIST a')
  propagates(['SET a b', 'GETEX a PERSIST'])
  propagates(['SET a b', 'GETDEL a'], 'DEL a')
  propagates('GETDEL a')
  propagates(['SET a b', 'DELEX a'], 'DEL a')
  propagates(['SET a b', 'DELEX a IFNE c'], 'DEL a')
  propagates(['SET a b', 'DELEX a IFEQ c'])
  propagates(['SET a b', 'DELIFEQ a b'], 'DEL a')
  propagates('MSET a 1 b 2', 'MSET a 1 b 2')
  propagates('MSETNX a 1 b 2', 'MSETNX a 1 b 2')
  propagates(['SET b 1', 'MSETNX a 1 b 2'])
  propagates('MSETEX 2 a 1 b 2', 'MSET a 1 b 2')
  propagates('MSETEX 1 a 1 EX 10', 'SET a 1 PXAT 1000010000')
  propagates('MSETEX 2 a 1 b 2 KEEPTTL', 'MULTI', 'SET a 1 KEEPTTL', 'SET b 2 KEEPTTL', 'EXEC')
  propagates('INCR n', 'INCR n')
  propagates('DECRBY n 3', 'DECRBY n 3')
  propagates('INCRBYFLOAT n 0.1', 'SET n 0.1 KEEPTTL')
  propagates('APPEND s ""', 'APPEND s ""')
  propagates('SETRANGE s 0 ""')
  propagates('SETRANGE s 1 x', 'SETRANGE s 1 x')
  propagates('INCREX n', 'SET n 1 KEEPTTL')
  propagates('INCREX n BYFLOAT 0.5 EX 10', 'SET n 0.5 PXAT 1000010000')
  propagates(['SET n 10 EX 10', 'INCREX n PERSIST'], 'SET n 11')
  propagates(['SET n 10 EX 10', 'INCREX n EX 99 ENX'], 'SET n 11 KEEPTTL')
  propagates(['SET n 10', 'INCREX n EXAT 1'], 'DEL n')
  propagates('INCREX n UBOUND 0')
})

describe('keyspace events', () => {
  notifies('SET a b', 'set a')
  notifies('SET a b EX 10', 'set a', 'expire a')
  notifies(['SET a b PXAT 1', 'SET a c'], 'expired a', 'set a')
  notifies('SETEX a 10 b', 'set a', 'expire a')
  notifies('GETSET a b', 'set a')
  notifies(['SET a b', 'GETEX a EX 10'], 'expire a')
  notifies(['SET a b EX 10', 'GETEX a PERSIST'], 'persist a')
  notifies(['SET a b', 'GETEX a EXAT 1'], 'del a')
  notifies(['SET a b', 'GETDEL a'], 'del a')
  notifies(['SET a b', 'DELEX a IFEQ b'], 'del a')
  notifies('MSET a 1 b 2', 'set a', 'set b')
  notifies('MSETEX 1 a 1 EX 10', 'set a', 'expire a')
  notifies('INCR a', 'incrby a')
  notifies('DECRBY a 2', 'incrby a')
  notifies('INCRBYFLOAT a 2', 'incrbyfloat a')
  notifies('APPEND a ""', 'append a')
  notifies('SETRANGE a 0 x', 'setrange a')
  notifies('SETRANGE a 0 ""')
  notifies('INCREX a EX 10', 'incrby a', 'expire a')
  notifies(['SET a 1 EX 10', 'INCREX a BYFLOAT 1 PERSIST'], 'incrbyfloat a', 'persist a')
  notifies(['SET a 1', 'INCREX a EXAT 1'], 'del a')
})

describe('GETRANGE and SUBSTR', () => {
  test('cut out what a slice of the string would', () => {
    const random = seededRandom(7)
    const world = testEngine()
    for (let i = 0; i < 300; i++) {
      const text = random.bytes(random.below(64))
      const [start, end] = [random.below(80), random.below(80)]
      world.ask(['SET', 's', text])
      const slice = text.subarray(start, end + 1).toString('latin1')
      expect(world.ask(['GETRANGE', 's', start, end])).toBe(slice)
      expect(world.ask(['SUBSTR', 's', start, end])).toBe(slice)
    }
    world.audit()
  })
})

/** A command's hand-written path must be what its grammar says: the same script with and without it. */
describe('the hot path agrees with the grammar', () => {
  const script = [
    'GET a',
    'SET a 1',
    'GET a',
    'INCR a',
    'SET a b EX 100',
    'SET a c',
    'GET a',
    'INCR a',
    'SET gone 1 PXAT 1',
    'SET gone 2',
    'SET gone 1 PXAT 1',
    'INCR gone',
    'SET n 9223372036854775807',
    'INCR n',
    'INCR fresh',
    'GET',
    'SET a',
    'INCR a b',
    'SET gone 1 PXAT 1',
    'MSET a 1 gone 2 a 3',
    'MSET a 1 b',
    'MSET',
  ]
  const hot = stringCommands.filter(command => command.hot !== null)

  test('it is there for GET, SET, INCR and MSET', () => {
    expect(hot.map(({ name }) => name)).toEqual(['get', 'set', 'mset', 'incr'])
  })

  test('replies, history and events are the same', () => {
    const cold = stringCommands.map(
      command => Object.create(command, { hot: { value: null } }) as typeof command,
    )
    const [withHot, withoutHot] = [stringCommands, cold].map(commands => play(commands, script))
    expect(withHot).toEqual(withoutHot)
  })
})

function play(commands: typeof stringCommands, script: readonly string[]) {
  const world = testEngine({ parts: [{ name: 'strings', commands }] })
  const replies = script.map(line => world.ask(line))
  world.audit()
  return { replies, history: world.history, events: world.events }
}
