import { describe, expect, test } from 'vitest'
import { Event } from '../../../server/keyspace/events.js'
import { WAITAOF_ON_REPLICA, WAIT_ON_REPLICA } from '../../../server/resp/errors.js'
import { TEST_NOW_MS, testEngine } from '../../support/engine.js'
import { ReplyError } from '../../support/reply.js'
import { notifies, propagates } from '../../support/session.js'

/** What replicas and listeners hear of the generic commands; what clients are answered is in tests/sessions. */

const at = (ms: number): string => `${TEST_NOW_MS + ms}`

describe('propagation', () => {
  propagates(['SET k v', 'EXPIRE k 100'], `PEXPIREAT k ${at(100_000)}`)
  propagates(['SET k v', 'PEXPIRE k 100 NX'], `PEXPIREAT k ${at(100)}`)
  propagates(['SET k v', 'EXPIREAT k 2000000'], 'PEXPIREAT k 2000000000')
  propagates(['SET k v', 'PEXPIREAT k 2000000001'], 'PEXPIREAT k 2000000001')
  propagates(['SET k v', 'PEXPIREAT k 9223372036854775807'], 'PEXPIREAT k 9223372036854775807')
  propagates(['SET k v', 'EXPIRE k -1'], 'DEL k')
  propagates(['SET k v', 'EXPIRE k 100 XX'])
  propagates('EXPIRE nokey 100')
  propagates(['SET k v EX 100', 'PERSIST k'], 'PERSIST k')
  propagates(['SET k v', 'PERSIST k'])
  propagates(['SET k v', 'DEL nokey k'], 'DEL nokey k')
  propagates('DEL nokey')
  propagates(['SET k v', 'UNLINK k'], 'UNLINK k')
  propagates(['SET k v', 'RENAME k l'], 'RENAME k l')
  propagates(['SET k v', 'RENAME k k'])
  propagates(['SET k v', 'RENAMENX k l'], 'RENAMENX k l')
  propagates(['SET k v', 'COPY k l DB 2'], 'COPY k l DB 2')
  propagates(['SET k v', 'MOVE k 2'], 'MOVE k 2')
  propagates('SWAPDB 0 1', 'SWAPDB 0 1')
  propagates('FLUSHALL', 'FLUSHALL')
  propagates('FLUSHDB ASYNC', 'FLUSHDB ASYNC')
  propagates(['SET k v', 'TOUCH k'])
  propagates(['SET k v', 'RANDOMKEY'])

  test('RESTORE with a time to live tells when, not how long', () => {
    const world = testEngine()
    const payload = dumped(world, 'v')
    world.history.length = 0
    world.client().ask(['RESTORE', 'l', '5000', payload])
    world.client().ask(['RESTORE-ASKING', 'm', at(5000), payload, 'absttl'])
    world.client().ask(['RESTORE', 'n', '0', payload])
    expect(
      world.history.map(line =>
        line
          .split(' ')
          .filter(word => !word.startsWith('"'))
          .join(' '),
      ),
    ).toEqual([`RESTORE l ${at(5000)} ABSTTL`, `RESTORE-ASKING m ${at(5000)} absttl`, 'RESTORE n 0'])
  })

  test('RESTORE over a key with what is dead already is a deletion', () => {
    const world = testEngine()
    const payload = dumped(world, 'v')
    world.history.length = 0
    world.client().ask(['RESTORE', 'k', '1', payload, 'REPLACE', 'ABSTTL'])
    world.client().ask(['RESTORE', 'nokey', '1', payload, 'ABSTTL'])
    expect(world.history).toEqual(['DEL k'])
    expect(world.ask('DBSIZE')).toBe(0)
  })

  test('the deaths of keys that SCAN and RANDOMKEY meet are no transaction', () => {
    for (const command of ['SCAN 0 COUNT 100', 'RANDOMKEY']) {
      const world = testEngine()
      world.engine.debug.activeExpire = false
      world.ask('SET a v PX 1')
      world.ask('SET b v PX 1')
      world.advance(10)
      world.history.length = 0
      world.ask(command)
      expect(world.history.sort()).toEqual(['DEL a', 'DEL b'])
    }
  })

  test('what kills a key that is met stands before the command that met it', () => {
    const world = testEngine()
    world.engine.debug.activeExpire = false
    world.ask('SET a v PX 1')
    world.ask('SET b v')
    world.advance(10)
    world.history.length = 0
    world.ask('RENAME b a')
    expect(world.history).toEqual(['MULTI', 'DEL a', 'RENAME b a', 'EXEC'])
  })
})

describe('events', () => {
  notifies(['SET k v', 'EXPIRE k 100'], 'expire k')
  notifies(['SET k v', 'EXPIRE k -1'], 'del k')
  notifies(['SET k v EX 100', 'PERSIST k'], 'persist k')
  notifies(['SET k v', 'PERSIST k'])
  notifies(['SET k v', 'DEL k nokey'], 'del k')
  notifies(['SET k v', 'RENAME k l'], 'rename_from k', 'rename_to l')
  notifies(['SET k v', 'RENAME k k'])
  notifies(['SET k v', 'SET l w', 'RENAME k l'], 'rename_from k', 'rename_to l', 'overwritten l')
  notifies(['SET k v', 'SET k w'], 'overwritten k', 'set k')
  notifies(['RPUSH k v', 'SET k w'], 'overwritten k', 'type_changed k', 'set k')
  notifies(['SET k v', 'MSET k w l x'], 'overwritten k', 'set k', 'set l')
  notifies(['SET k v', 'SET l w', 'BITOP NOT l k'], 'overwritten l', 'set l')
  notifies(['SET k 1', 'INCR k'], 'incrby k')
  notifies(['SET k 1', 'INCRBYFLOAT k 1'], 'incrbyfloat k')
  notifies(['RPUSH k v', 'SET l w', 'SORT k ALPHA STORE l'], 'sortstore l', 'overwritten l', 'type_changed l')
  notifies(['SET k v', 'COPY k l'], 'copy_to l')
  notifies(['SET k v', 'MOVE k 1'], 'move_from k', 'move_to k')
  notifies(['SET k v', 'FLUSHALL'])
  notifies(['SET k v', 'TYPE k'])

  test('TTL, TYPE and EXISTS of a missing key tell of the miss, OBJECT does not', () => {
    const world = testEngine()
    const misses: string[] = []
    const { listener } = world.engine.keyspace
    world.engine.keyspace.listener = {
      ...listener,
      event: (flag, name, db, key) => {
        if (flag === Event.keyMiss) misses.push(name)
        listener.event(flag, name, db, key)
      },
    }
    for (const line of ['TTL nokey', 'TYPE nokey', 'EXISTS nokey', 'OBJECT ENCODING nokey']) world.ask(line)
    expect(misses).toEqual(['keymiss', 'keymiss', 'keymiss'])
  })
})

describe('ages', () => {
  test('TTL, TYPE, EXISTS and OBJECT do not make a key young, TOUCH does', () => {
    const world = testEngine()
    world.ask('SET k v')
    world.advance(10_000)
    for (const line of [
      'TTL k',
      'PTTL k',
      'EXPIRETIME k',
      'PEXPIRETIME k',
      'TYPE k',
      'EXISTS k',
      'KEYS *',
      'SCAN 0',
    ]) {
      world.ask(line)
    }
    expect(world.ask('OBJECT IDLETIME k')).toBe(10)
    world.engine.keyspace.touches = false
    world.ask('GET k')
    expect(world.ask('OBJECT IDLETIME k')).toBe(10)
    world.ask('TOUCH k')
    expect(world.ask('OBJECT IDLETIME k')).toBe(0)
  })

  test('RENAME keeps the age, COPY begins a new life', () => {
    const world = testEngine()
    world.ask('SET k v')
    world.advance(10_000)
    world.engine.keyspace.touches = false
    world.ask('RENAME k l')
    world.ask('COPY l m')
    expect(world.ask('OBJECT IDLETIME l')).toBe(10)
    expect(world.ask('OBJECT IDLETIME m')).toBe(0)
  })
})

describe('on a replica', () => {
  test('the dead are hidden but not buried', () => {
    const world = testEngine()
    world.ask('SET k v PX 1')
    world.engine.keyspace.expiryMode = 'hide'
    world.advance(1000)
    world.history.length = 0
    expect(world.ask('EXISTS k')).toBe(0)
    expect(world.ask('SCAN 0')).toEqual(['0', []])
    expect(world.ask('KEYS *')).toEqual([])
    expect(world.ask('RANDOMKEY')).toBe('k')
    expect(world.ask('DBSIZE')).toBe(1)
    expect(world.history).toEqual([])
  })

  test.each([
    'RENAME string dead',
    'COPY string dead',
    'RESTORE dead 0 $dump REPLACE',
    'SORT list STORE dead',
    'SUNIONSTORE dead set',
    'ZUNIONSTORE dead 1 zset',
    'GEOSEARCHSTORE dead zset FROMLONLAT 0 0 BYRADIUS 6000 km',
    'ZRANGESTORE dead zset 0 -1',
  ])('%s leaves one key where a dead one was hidden', line => {
    const world = testEngine()
    for (const write of [
      'SET string 1',
      'RPUSH list 1',
      'SADD set 1',
      'GEOADD zset 1 1 a',
      'SET dead v PX 1',
    ])
      world.ask(write)
    const dump = world.ask('DUMP string') as string
    world.engine.keyspace.expiryMode = 'hide'
    world.advance(1000)
    world.ask(line.split(' ').map(word => (word === '$dump' ? Buffer.from(dump, 'latin1') : word)))
    expect(world.ask('EXISTS dead')).toBe(1)
    expect(world.ask('DEL dead')).toBe(1)
    expect(world.ask('EXISTS dead')).toBe(0)
    expect(world.ask('DBSIZE')).toBe(line.startsWith('RENAME') ? 3 : 4)
  })

  test('a time that has passed is set, not acted on', () => {
    const world = testEngine()
    world.ask('SET k v')
    world.engine.keyspace.expiryMode = 'hide'
    world.ask('PEXPIREAT k 1')
    expect(world.ask('DBSIZE')).toBe(1)
  })

  test('WAIT and WAITAOF refuse', () => {
    const world = testEngine()
    const { acknowledgements } = world.engine
    world.engine.acknowledgements = { ...acknowledgements, onReplica: true }
    expect(world.ask('WAIT 0 0')).toEqual(new ReplyError(WAIT_ON_REPLICA.line))
    expect(world.ask('WAITAOF 0 0 0')).toEqual(new ReplyError(WAITAOF_ON_REPLICA.line))
  })
})

describe('waiting', () => {
  test('WAIT ends as soon as enough replicas have answered', () => {
    const world = testEngine()
    let replicas = 1
    const { acknowledgements } = world.engine
    world.engine.acknowledgements = { ...acknowledgements, replicas: () => replicas }
    const client = world.client('waits')
    client.send('WAIT 2 0')
    world.engine.waiting.retry('replicas')
    expect(client.waiting).toBe(0)
    replicas = 2
    world.engine.waiting.retry('replicas')
    expect(client.receive().value).toBe(2)
    expect(client.ask('PING')).toBe('PONG')
  })
})

describe('SCAN', () => {
  test('meets every key that stays, while others come and go', () => {
    const world = testEngine()
    for (let i = 0; i < 500; i++) world.ask(`SET stays:${i} v`)
    const met = new Set<string>()
    let cursor = '0'
    let comers = 0
    do {
      const [next, names] = world.ask(`SCAN ${cursor} COUNT 5`) as [string, string[]]
      for (const name of names) met.add(name)
      cursor = next
      const tide = comers < 3000 ? 'SET' : 'DEL'
      for (let i = 0; i < 100; i++, comers++)
        world.ask(`${tide} comes:${comers % 3000} ${tide === 'SET' ? 'v' : ''}`)
    } while (cursor !== '0')
    expect([...met].filter(name => name.startsWith('stays'))).toHaveLength(500)
  })
})

function dumped(world: ReturnType<typeof testEngine>, value: string): Buffer {
  world.ask(`SET k ${value}`)
  return Buffer.from(world.ask('DUMP k') as string, 'latin1')
}
