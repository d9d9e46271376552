import { Redis as Redis6 } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../server/index.js'

let server: RunningServer
beforeAll(async () => void (server = await startServer()))
afterAll(() => server.close())
beforeEach(() => server.execute(['FLUSHALL']))

/** What both releases have in common is what we use of them. */
type Client = Pick<
  Redis6,
  'quit' | 'call' | 'set' | 'get' | 'incr' | 'pipeline' | 'multi' | 'watch' | 'mset' | 'mget' | 'del'
>

const releases: readonly [name: string, connect: () => Client][] = [
  ['ioredis 6', () => new Redis6(server.port)],
  ['ioredis 5', () => new Redis5(server.port) as unknown as Client],
]

describe.each(releases)('%s', (_, connect) => {
  let client: Client
  beforeEach(() => void (client = connect()))

  test('connects, sets, gets and leaves', async () => {
    expect(await client.set('key', 'value')).toBe('OK')
    expect(await client.get('key')).toBe('value')
    expect(await client.get('nothing')).toBe(null)
    expect(await client.quit()).toBe('OK')
  })

  test('HELLO tells who we are', async () => {
    const answer = await client.call('HELLO')
    const words = Array.isArray(answer) ? answer : Object.entries(answer as object).flat()
    expect(words.slice(0, 2)).toEqual(['server', 'redis'])
    expect(words).toEqual(
      expect.arrayContaining(['version', 'proto', 'mode', 'standalone', 'role', 'master']),
    )
    await client.quit()
  })

  test('a pipeline is answered in order, errors in their places', async () => {
    const replies = await client.pipeline().set('n', '41').incr('n').call('NONSENSE').get('n').exec()
    expect(replies?.map(([error, value]) => error?.message.split("'")[0] ?? value)).toEqual([
      'OK',
      42,
      'ERR unknown command ',
      '42',
    ])
    await client.quit()
  })

  test('a thousand commands in flight come back in order', async () => {
    const replies = await Promise.all(Array.from({ length: 1000 }, () => client.incr('n')))
    expect(replies).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
    await client.quit()
  })

  test('MULTI runs all or nothing', async () => {
    expect(await client.multi().set('a', '1').incr('a').exec()).toEqual([
      [null, 'OK'],
      [null, 2],
    ])
    await client.quit()
  })

  test('EXEC answers null when a watched key has changed', async () => {
    await client.watch('watched')
    await server.execute(['SET', 'watched', 'by another'])
    expect(await client.multi().set('watched', 'mine').exec()).toBe(null)
    expect(await client.get('watched')).toBe('by another')
    await client.quit()
  })

  test('values of a megabyte survive the way there and back', async () => {
    const value = 'é'.repeat(2 ** 20)
    await client.set('big', value)
    expect(await client.get('big')).toBe(value)
    await client.quit()
  })
})
