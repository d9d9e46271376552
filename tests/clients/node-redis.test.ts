import { createClient, type RedisClientType, WatchError } from 'redis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../server/index.js'

let server: RunningServer
beforeAll(async () => void (server = await startServer()))
afterAll(() => server.close())
beforeEach(() => server.execute(['FLUSHALL']))

describe.each([2, 3] as const)('node-redis, RESP%i', RESP => {
  let client: RedisClientType
  beforeEach(async () => {
    client = createClient({ url: server.url, RESP }) as unknown as RedisClientType
    client.on('error', () => undefined)
    await client.connect()
  })
  afterEach(() => client.destroy())

  test('sets and gets', async () => {
    expect(await client.set('key', 'value')).toBe('OK')
    expect(await client.get('key')).toBe('value')
    expect(await client.get('nothing')).toBe(null)
  })

  test('HELLO tells who we are', async () => {
    const hello = (await client.sendCommand(['HELLO', `${RESP}`])) as unknown
    const facts = Array.isArray(hello) ? Object.fromEntries(pairs(hello)) : hello
    expect(facts).toMatchObject({ server: 'redis', proto: RESP, mode: 'standalone', role: 'master' })
  })

  test('commands sent together go as a pipeline and come back in order', async () => {
    const replies = await Promise.all([client.set('n', '41'), client.incr('n'), client.get('n')])
    expect(replies).toEqual(['OK', 42, '42'])
  })

  test('MULTI answers all replies at once', async () => {
    expect(await client.multi().set('a', '1').incr('a').get('a').exec()).toEqual(['OK', 2, '2'])
  })

  test('EXEC fails when a watched key has changed', async () => {
    await client.watch('watched')
    await server.execute(['SET', 'watched', 'by another'])
    await expect(client.multi().set('watched', 'mine').exec()).rejects.toThrow(WatchError)
    expect(await client.get('watched')).toBe('by another')
  })

  test('an error reply rejects with its sentence', async () => {
    await client.set('word', 'a')
    await expect(client.incr('word')).rejects.toThrow('ERR value is not an integer or out of range')
  })
})

function pairs(flat: readonly unknown[]): [string, unknown][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [String(flat[2 * i]), flat[2 * i + 1]])
}
