import type { Redis } from 'ioredis'

/**
 * All that a server holds, as text that two servers of different makes can be compared by: their DEBUG DIGESTs differ,
 * and so may the ways in which they keep the same value.
 */

const DATABASES = 3
const ALL = '1000000'

/**
 * A line for each key, sorted: where it is, when it dies, what it is. `readCounts`: with entries-read and lag of groups,
 * which a master of Redis does not tell its replicas (redis#12898).
 */
export async function contentsOf(client: Redis, readCounts: boolean): Promise<string[]> {
  const lines: string[] = []
  for (let db = 0; db < DATABASES; db++) {
    await client.call('SELECT', `${db}`)
    const keys = (await client.call('KEYS', '*')) as string[]
    for (const key of keys.sort()) {
      const dies = await client.call('PEXPIRETIME', key)
      const type = (await client.call('TYPE', key)) as string
      lines.push(
        `${db} ${key} ${String(dies)} ${type} ${JSON.stringify(await valueOf(client, key, type, readCounts))}`,
      )
    }
  }
  return lines
}

async function valueOf(client: Redis, key: string, type: string, readCounts: boolean): Promise<unknown> {
  switch (type) {
    case 'string':
      return ((await client.getBuffer(key)) ?? Buffer.alloc(0)).toString('latin1')
    case 'list':
      return client.lrange(key, 0, -1)
    case 'set':
      return (await client.smembers(key)).sort()
    case 'zset':
      return client.zrange(key, 0, '-1', 'WITHSCORES')
    case 'hash':
      return Object.entries(await client.hgetall(key)).sort()
    case 'stream':
      return streamOf(client, key, readCounts)
    default:
      return null
  }
}

/** Without what moves by itself: how long entries and consumers have been idle. */
async function streamOf(client: Redis, key: string, readCounts: boolean): Promise<unknown> {
  const facts = pairsOf(await client.call('XINFO', 'STREAM', key))
  const groups = ((await client.call('XINFO', 'GROUPS', key)) as unknown[]).map(pairsOf)
  const details: unknown[] = []
  for (const group of groups) {
    const name = String(group.get('name'))
    const pending = (await client.call('XPENDING', key, name, '-', '+', ALL)) as unknown[][]
    const consumers = ((await client.call('XINFO', 'CONSUMERS', key, name)) as unknown[]).map(pairsOf)
    details.push([
      name,
      group.get('last-delivered-id'),
      readCounts ? [group.get('entries-read'), group.get('lag')] : [],
      pending.map(([id, consumer, , count]) => [id, consumer, count]),
      consumers.map(consumer => [consumer.get('name'), consumer.get('pending')]),
    ])
  }
  return [
    await client.xrange(key, '-', '+'),
    facts.get('last-generated-id'),
    facts.get('max-deleted-entry-id'),
    facts.get('entries-added'),
    details,
  ]
}

function pairsOf(flat: unknown): ReadonlyMap<unknown, unknown> {
  const words = flat as unknown[]
  return new Map(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1]] as const] : [])))
}
