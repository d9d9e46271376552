import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { startServer } from '../../server/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { eventually } from './eventually.js'

test('CLIENT ACKS FSYNC between two servers: a reply is a write in the files of both', async () => {
  using first = temporaryFolder()
  using second = temporaryFolder()
  const config = { appendonly: 'yes', appendfsync: 'always', 'repl-diskless-sync-delay': 0 }
  await using master = await startServer({ config: { ...config, dir: first.path } })
  await using replica = await startServer({ config: { ...config, dir: second.path } })
  using client = connected(master.port)
  await replica.execute(['REPLICAOF', '127.0.0.1', master.port])
  await eventually(() => client.redis.call('WAITAOF', '1', '1', '100'), [1, 1])
  await client.redis.call('CLIENT', 'ACKS', 'REPLICAS', '1', 'FSYNC', 'TIMEOUT', '20000')
  for (let i = 0; i < 10; i++) {
    expect(await client.redis.set('key', `value ${i}`)).toBe('OK')
    for (const { path } of [first, second]) expect(logIn(path)).toContain(`value ${i}`)
  }
  await replica.execute(['CONFIG', 'SET', 'appendonly', 'no'])
  await client.redis.call('CLIENT', 'ACKS', 'REPLICAS', '1', 'FSYNC', 'TIMEOUT', '10')
  await expect(client.redis.set('key', 'more')).rejects.toThrow(/NOREPLACK.*1 of 2 disks/)
})

function connected(port: number) {
  const redis = new Redis(port)
  return { redis, [Symbol.dispose]: () => redis.disconnect() }
}

/** What the incremental files in a data folder hold. */
function logIn(dir: string): string {
  const folder = join(dir, 'appendonlydir')
  const files = readdirSync(folder).filter(name => name.endsWith('.incr.aof'))
  return files.map(name => readFileSync(join(folder, name), 'latin1')).join('')
}
