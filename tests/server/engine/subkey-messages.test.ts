import { expect, test } from 'vitest'
import { subkeyMessages } from '../../../server/engine/subkey-messages.js'
import { Event } from '../../../server/keyspace/events.js'
import { testEngine, type TestEngine } from '../../support/engine.js'
import { Push } from '../../support/reply.js'

const ALL = 'KEhgSTIV'

/** A listener to all channels of subkeys, and of keys where `classes` says so. */
function listening(classes: string): { world: TestEngine; heard: () => string[] } {
  const world = testEngine({ config: { 'notify-keyspace-events': classes } })
  const listener = world.client('listener', 3)
  listener.ask('PSUBSCRIBE __*')
  return { world, heard: () => drain(listener) }
}

/** What has come since the last time, as `channel message`. */
function drain(listener: ReturnType<TestEngine['client']>): string[] {
  const lines: string[] = []
  while (listener.waiting > 0) {
    const { value } = listener.receive()
    if (!(value instanceof Push)) throw new Error('a message was expected')
    const [, , channel, message] = value.items
    if (typeof channel !== 'string' || typeof message !== 'string') throw new Error('text was expected')
    lines.push(`${channel} ${message}`)
  }
  return lines
}

test('one event goes to the channels of keys, then to the four of subkeys', () => {
  const { world, heard } = listening(ALL)
  world.ask('HSET h ab 1 c 2')
  expect(heard()).toEqual([
    '__keyspace@0__:h hset',
    '__keyevent@0__:hset h',
    '__subkeyspace@0__:h hset|2:ab,1:c',
    '__subkeyevent@0__:hset 1:h|2:ab,1:c',
    '__subkeyspaceitem@0__:h\nab hset',
    '__subkeyspaceitem@0__:h\nc hset',
    '__subkeyspaceevent@0__:hset|h 2:ab,1:c',
  ])
})

test.each([
  ['S', '__subkeyspace@0__:h hset|1:a'],
  ['T', '__subkeyevent@0__:hset 1:h|1:a'],
  ['I', '__subkeyspaceitem@0__:h\na hset'],
  ['V', '__subkeyspaceevent@0__:hset|h 1:a'],
])('the letter %s alone switches on its channel, beside that of the class', (letter, message) => {
  const { world, heard } = listening(`h${letter}`)
  world.ask('HSET h a 1')
  expect(heard()).toEqual([message])
})

test.each(['STIV', 'gSTIV', 'KE', 'Kh'])('classes %s tell no subkey', classes => {
  const { world, heard } = listening(classes)
  world.ask('HSET h a 1')
  expect(heard().filter(line => line.startsWith('__subkey'))).toEqual([])
})

test('names of fields are wanted only while somebody asked for them and for hashes', () => {
  const { world } = listening('')
  const { changes, keyspace } = world.engine
  const told: number[] = []
  changes.subkeys = (flag, _name, _db, _key, { length }) => told.push(flag, length)
  for (const classes of ['', 'KEA', 'STIVs']) {
    world.ask(`CONFIG SET notify-keyspace-events "${classes}"`)
    for (const line of ['HSET h a 1', 'HPEXPIRE h 1 FIELDS 1 a', 'HSETNX h b 1', 'HDEL h b']) world.ask(line)
    world.advance(200)
  }
  expect(told).toEqual([])
  expect(keyspace.stats.expiredFields).toBe(3)
})

/** Commands, and what `__subkeyspace@0__:h` is told of the last of them. */
const TOLD: readonly (readonly [commands: readonly string[], told: readonly string[]])[] = [
  [['HSET h a 1 a 2'], ['hset|1:a,1:a']],
  [['HMSET h a 1 b 2'], ['hset|1:a,1:b']],
  [['HSETNX h a 1'], ['hset|1:a']],
  [['HSET h a 1', 'HSETNX h a 1'], []],
  [['HSET h a 1 b 2 c 3', 'HDEL h a x c'], ['hdel|1:a,1:c']],
  [['HDEL h a'], []],
  [['HINCRBY h a 1'], ['hincrby|1:a']],
  [['HINCRBYFLOAT h a 1.5'], ['hincrbyfloat|1:a']],
  [['HSET h a 1 b 2', 'HEXPIRE h 10 FIELDS 3 a x b'], ['hexpire|1:a,1:b']],
  [['HSET h a 1 b 2', 'HEXPIRE h 10 XX FIELDS 1 a'], []],
  [['HSET h a 1 b 2', 'HEXPIREAT h 1 FIELDS 1 a'], ['hdel|1:a']],
  [['HSETEX h EX 10 FIELDS 1 a 1', 'HSET h b 1', 'HPERSIST h FIELDS 2 a b'], ['hpersist|1:a']],
  [['HSET h a 1 b 2', 'HGETDEL h FIELDS 2 a x'], ['hdel|1:a']],
  [['HSET h a 1 b 2', 'HGETEX h EX 10 FIELDS 2 a b'], ['hexpire|1:a,1:b']],
  [['HSETEX h EX 10 FIELDS 1 a 1', 'HGETEX h PERSIST FIELDS 1 a'], ['hpersist|1:a']],
  [['HSETEX h EX 10 FIELDS 2 a 1 b 2'], ['hset|1:a,1:b', 'hexpire|1:a,1:b']],
  [['HSETEX h KEEPTTL FIELDS 1 a 1'], ['hset|1:a']],
  [['HIMPORT PREPARE shape a b', 'HIMPORT SET h shape 1 2'], ['hset|1:a,1:b']],
]

test.each(TOLD)('%j tells of the fields it changed', (commands, told) => {
  const { world, heard } = listening('hS')
  commands.slice(0, -1).forEach(line => world.ask(line))
  heard()
  world.ask(commands[commands.length - 1])
  expect(heard()).toEqual(told.map(line => `__subkeyspace@0__:h ${line}`))
})

test('fields whose time has come are told together, before the end of their hash', () => {
  const { world, heard } = listening('ghST')
  world.ask('HSET h a 1 bb 2')
  world.ask('HPEXPIRE h 50 FIELDS 2 a bb')
  heard()
  world.advance(200)
  const [space, event, ...rest] = heard()
  expect(space).toMatch(/^__subkeyspace@0__:h hexpired\|(1:a,2:bb|2:bb,1:a)$/)
  expect(event).toMatch(/^__subkeyevent@0__:hexpired 1:h\|(1:a,2:bb|2:bb,1:a)$/)
  expect(rest).toEqual([])
  expect(world.events.slice(-2)).toEqual(['hexpired h', 'del h'])
})

test('the end of the last field is told before the end of its hash', () => {
  const { world, heard } = listening('EghS')
  world.ask('HSET h a 1')
  heard()
  world.ask('HDEL h a')
  expect(heard()).toEqual(['__keyevent@0__:hdel h', '__subkeyspace@0__:h hdel|1:a', '__keyevent@0__:del h'])
})

test('a key with a newline has no channel for each of its fields, the others it has', () => {
  const { world, heard } = listening('hSTIV')
  world.ask(['HSET', 'k\nk', 'a', '1'])
  expect(heard()).toEqual([
    '__subkeyspace@0__:k\nk hset|1:a',
    '__subkeyevent@0__:hset 3:k\nk|1:a',
    '__subkeyspaceevent@0__:hset|k\nk 1:a',
  ])
})

test('an event with a bar has no message that is parted by bars at the event', () => {
  const notify = Event.subkeySpace | Event.subkeyEvent | Event.subkeySpaceItem | Event.subkeySpaceEvent
  expect([...subkeyMessages(notify, { db: 0, key: 'k', name: 'a|b', subkeys: ['f'] })]).toEqual([
    ['__subkeyevent@0__:a|b', '1:k|1:f'],
    ['__subkeyspaceitem@0__:k\nf', 'a|b'],
  ])
})

test('lengths count bytes, and the database is that of the key', () => {
  const { world, heard } = listening('hT')
  world.ask('SELECT 3')
  const utf8 = (text: string): string => Buffer.from(text).toString('latin1')
  world.ask(['HSET', utf8('ключ'), utf8('é'), '1'])
  expect(heard()).toEqual([utf8('__subkeyevent@3__:hset 8:ключ|2:é')])
})
