import { expect, test } from 'vitest'
import { type TestEngine, testEngine } from '../../support/engine.js'
import { ReplyError } from '../../support/reply.js'
import type { Line } from '../../support/request.js'
import { ScriptedNetwork } from '../../support/scripted-network.js'

interface Scene {
  readonly world: TestEngine
  readonly network: ScriptedNetwork
}

function scene(): Scene {
  const network = new ScriptedNetwork()
  const world = testEngine({ network })
  for (const line of ['SET a 1', 'SET b 2 PX 5000', 'SET c 3']) world.ask(line)
  world.history.length = 0
  return { world, network }
}

/** What is under way goes on as far as it can. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

async function send({ world }: Scene, line: Line): Promise<void> {
  world.client().send(line)
  await settle()
}

async function says({ network }: Scene, text: string): Promise<void> {
  network.last.says(text)
  await settle()
}

const answer = ({ world }: Scene): unknown => world.client().receive().value

/** The words of requests, payloads left out. */
function requests(bytes: Buffer): string[] {
  const words = bytes.toString('latin1').split('\r\n').slice(0, -1)
  return words.filter(word => !/^[*$]\d+$/.test(word)).map(word => (word.length > 10 ? '...' : word))
}

test('MIGRATE moves a key: it is gone once the other server has it, and history says DEL', async () => {
  const here = scene()
  await send(here, 'MIGRATE other 7000 a 9 1000')
  expect(here.network.called).toEqual(['other:7000'])
  expect(requests(here.network.last.take())).toEqual(['SELECT', '9', 'RESTORE', 'a', '0', '...'])
  expect(here.world.client('reader').ask('GET a')).toBe('1')
  await says(here, '+OK\r\n+OK\r\n')
  expect(answer(here)).toBe('OK')
  expect(here.world.ask('GET a')).toBeNull()
  expect(here.world.history).toEqual(['DEL a'])
  expect(here.world.events).toContain('del a')
})

test('MIGRATE COPY leaves the key; REPLACE, AUTH and what is left of its life go with the request', async () => {
  const here = scene()
  await send(here, 'MIGRATE other 7000 b 0 1000 COPY REPLACE AUTH2 me secret')
  expect(requests(here.network.last.take())).toEqual([
    ...['AUTH', 'me', 'secret', 'SELECT', '0', 'RESTORE', 'b', '5000', '...', 'REPLACE'],
  ])
  await says(here, '+OK\r\n+OK\r\n+OK\r\n')
  expect(answer(here)).toBe('OK')
  expect(here.world.ask('GET b')).toBe('2')
  expect(here.world.history).toEqual([])
})

test('MIGRATE KEYS moves those that are there, and only those that were taken are gone', async () => {
  const here = scene()
  await send(here, ['MIGRATE', 'other', '7000', '', '0', '1000', 'KEYS', 'a', 'none', 'b', 'c'])
  await says(here, '+OK\r\n+OK\r\n-BUSYKEY Target key name already exists.\r\n+OK\r\n')
  expect(answer(here)).toEqual(
    new ReplyError('ERR Target instance replied with error: BUSYKEY Target key name already exists.'),
  )
  expect(here.world.ask('KEYS *')).toEqual(['b'])
  expect(here.world.history).toEqual(['DEL a c'])
})

test('a wrong password is told, and nothing is gone', async () => {
  const here = scene()
  await send(here, 'MIGRATE other 7000 a 0 1000 AUTH wrong')
  await says(here, '-WRONGPASS invalid\r\n-NOAUTH x\r\n-NOAUTH x\r\n')
  expect(answer(here)).toEqual(new ReplyError('ERR Target instance replied with error: WRONGPASS invalid'))
  expect(here.world.ask('GET a')).toBe('1')
})

test('a connection is kept for a while, and its database remembered', async () => {
  const here = scene()
  for (const key of ['a', 'c']) {
    await send(here, `MIGRATE other 7000 ${key} 3 1000`)
    await says(here, key === 'a' ? '+OK\r\n+OK\r\n' : '+OK\r\n')
    expect(answer(here)).toBe('OK')
  }
  expect(here.network.called).toEqual(['other:7000'])
  expect(here.world.ask('INFO stats')).toContain('migrate_cached_sockets:1')
  here.world.advance(11_000)
  expect(here.world.ask('INFO stats')).toContain('migrate_cached_sockets:0')
  expect(here.network.last.destroyed).toBe(true)
})

test('a connection that breaks before an answer is tried once more', async () => {
  const here = scene()
  await send(here, 'MIGRATE other 7000 a 0 1000')
  here.network.last.hangsUp()
  await settle()
  await says(here, '+OK\r\n+OK\r\n')
  expect(answer(here)).toBe('OK')
  expect(here.network.called).toEqual(['other:7000', 'other:7000'])
})

test('one that breaks twice, or after an answer, is an error', async () => {
  const here = scene()
  await send(here, 'MIGRATE other 7000 a 0 1000')
  for (let i = 0; i < 2; i++) {
    here.network.last.hangsUp()
    await settle()
  }
  expect(answer(here)).toEqual(new ReplyError('IOERR error or timeout reading to target instance'))
  await send(here, ['MIGRATE', 'other', '7000', '', '0', '1000', 'KEYS', 'a', 'c'])
  await says(here, '+OK\r\n+OK\r\n')
  here.network.last.hangsUp()
  await settle()
  expect(answer(here)).toEqual(new ReplyError('IOERR error or timeout reading to target instance'))
  expect(here.world.ask('EXISTS a c')).toBe(1)
})

test('nobody there, or silence, is an error in time', async () => {
  const here = scene()
  here.network.reachable = false
  await send(here, 'MIGRATE other 7000 a 0 1000')
  expect(answer(here)).toEqual(new ReplyError('IOERR error or timeout connecting to the client'))
  here.network.reachable = true
  await send(here, 'MIGRATE other 7000 a 0 500')
  here.world.advance(400)
  await settle()
  expect(here.world.client().waiting).toBe(0)
  here.world.advance(200)
  await settle()
  expect(answer(here)).toEqual(new ReplyError('IOERR error or timeout reading to target instance'))
  expect(here.world.ask('GET a')).toBe('1')
})

test('writes wait while keys travel, reads do not', async () => {
  const here = scene()
  await send(here, 'MIGRATE other 7000 a 0 1000')
  const writer = here.world.client('writer')
  writer.send('APPEND a x')
  expect(writer.waiting).toBe(0)
  expect(here.world.client('reader').ask('GET a')).toBe('1')
  await says(here, '+OK\r\n+OK\r\n')
  expect(answer(here)).toBe('OK')
  here.world.advance(1)
  expect(writer.receive().value).toBe(1)
  expect(here.world.ask('GET a')).toBe('x')
})

test('what makes no sense is refused before anybody is called', () => {
  const { world, network } = scene()
  expect(world.ask('MIGRATE other 7000 none 0 1000')).toBe('NOKEY')
  for (const [line, error] of [
    ['MIGRATE other 7000 a 0 1000 KEYS b', 'must be set to the empty string'],
    ['MIGRATE other 7000 a 0 x', 'not an integer'],
    ['MIGRATE other 7000 a x 1000', 'not an integer'],
    ['MIGRATE other 7000 a 0 1000 SIDEWAYS', 'syntax error'],
    ['MIGRATE other 7000 a 0 1000 AUTH', 'syntax error'],
  ]) {
    expect(world.ask(line), line).toMatchObject({ line: expect.stringContaining(error) as string })
  }
  expect(network.called).toEqual([])
})

test('COMMAND GETKEYS knows where the keys are, and MONITOR no passwords', () => {
  const { world } = scene()
  expect(world.ask('COMMAND GETKEYS MIGRATE other 7000 a 0 1000 COPY')).toEqual(['a'])
  expect(
    world.ask([
      ...['COMMAND', 'GETKEYS', 'MIGRATE', 'other', '7000', '', '0', '1', 'AUTH', 'keys', 'KEYS', 'x', 'y'],
    ]),
  ).toEqual(['x', 'y'])
})
