import type { Reply } from './reply.js'

/** A set of data with every type and encoding, and what a server says of it, so that two servers can be compared. */

type Line = readonly (string | Buffer)[]

export const DATABASES = 20

const BINARY = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
const LONG = 'long '.repeat(300)
/** Unix ms, and far away. */
const DUE = ['4000000000000', '4000000012345']

const names = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`)
const numbers = (count: number, factor: number): string[] =>
  Array.from({ length: count }, (_, i) => `${(i - 5) * factor}`)

/** Values of every type: small and large, integers, text and bytes. */
const VALUES: Readonly<Record<string, readonly Line[]>> = {
  'string:int': [['SET', 'k', '-12345678901234']],
  'string:small': [['SET', 'k', '7']],
  'string:embstr': [['SET', 'k', 'short']],
  'string:raw': [['SET', 'k', LONG]],
  'string:binary': [['SET', 'k', BINARY]],
  'string:empty': [['SET', 'k', '']],
  'string:hll': [['PFADD', 'k', ...names(500, 'element')]],
  'list:small': [['RPUSH', 'k', 'a', '7', '-300', '99999999999', BINARY]],
  'list:large': [['RPUSH', 'k', ...names(3000, 'item '), LONG, ...numbers(500, 77_777)]],
  'list:plain': [['RPUSH', 'k', 'a', 'x'.repeat(20_000), 'b']],
  'set:int16': [['SADD', 'k', ...numbers(20, 3)]],
  'set:int64': [['SADD', 'k', ...numbers(100, 9_999_999_999)]],
  'set:table': [['SADD', 'k', ...names(900, 'member'), BINARY]],
  'set:small': [['SADD', 'k', 'a', '7', BINARY]],
  'zset:small': [['ZADD', 'k', '1', 'a', '-2.5', 'b', 'inf', BINARY, '-inf', '7', '3', 'c']],
  'zset:large': [['ZADD', 'k', ...names(800, 'm').flatMap((name, i) => [`${i / 4}`, name])]],
  'zset:ties': [['ZADD', 'k', ...names(300, 'm').flatMap(name => ['1', name]), '1', LONG]],
  'hash:small': [['HSET', 'k', 'f', '1', 'g', 'x', '7', '-300', BINARY, BINARY]],
  'hash:large': [['HSET', 'k', ...names(700, 'f').flatMap((name, i) => [name, `${i * i}`])]],
  'hash:long': [['HSET', 'k', 'f', LONG]],
  'stream:plain': names(250, '').map(i => [
    'XADD',
    'k',
    `${1 + Number(i)}-${Number(i) % 3}`,
    'a',
    i,
    'b',
    'x',
  ]),
  'stream:groups': [
    ...names(40, '').map(i => ['XADD', 'k', `${1 + Number(i)}-1`, 'f', BINARY]),
    ['XDEL', 'k', '3-1', '40-1'],
    ['XGROUP', 'CREATE', 'k', 'g', '0'],
    ['XGROUP', 'CREATE', 'k', 'h', '5-1', 'ENTRIESREAD', '5'],
    ['XGROUP', 'CREATECONSUMER', 'k', 'h', 'idle'],
    ['XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '10', 'STREAMS', 'k', '>'],
    ['XREADGROUP', 'GROUP', 'g', 'bob', 'COUNT', '5', 'STREAMS', 'k', '>'],
    ['XACK', 'k', 'g', '4-1', '5-1'],
    ['XDEL', 'k', '6-1'],
  ],
  'stream:empty': [
    ['XADD', 'k', '7-7', 'f', 'v'],
    ['XDEL', 'k', '7-7'],
    ['XGROUP', 'CREATE', 'k', 'g', '$'],
  ],
}

/** Each value under a name of its own and, with a time to live, under another; in several databases, and one key in all. */
export function dataset(): Line[] {
  const lines: Line[] = []
  for (const [at, [name, value]] of Object.entries(VALUES).entries()) {
    lines.push(['SELECT', `${at % 3}`])
    const timed = `${name}:timed`
    for (const key of [name, timed]) {
      lines.push(...value.map(line => line.map(word => (word === 'k' ? key : word))))
    }
    lines.push(['PEXPIREAT', timed, DUE[at % 2]])
  }
  for (let index = 0; index < DATABASES; index++) {
    lines.push(['SELECT', `${index}`], ['SET', 'everywhere', `${index}`])
  }
  return lines
}

type Ask = (line: Line) => Promise<Reply>

/**
 * A line for each key: its type, encoding, time of death, and all that it holds, in an order of its own. Without
 * encodings: those of small sets, and of what has shrunk, are not the same in all releases.
 */
export async function inventory(ask: Ask, encodings = true): Promise<string[]> {
  const lines: string[] = []
  for (let index = 0; index < DATABASES; index++) {
    await ask(['SELECT', `${index}`])
    for (const key of (await ask(['KEYS', '*'])) as string[]) {
      const type = (await ask(['TYPE', key])) as string
      const encoding = encodings ? await ask(['OBJECT', 'ENCODING', key]) : null
      const facts = [encoding, await ask(['PEXPIRETIME', key])]
      lines.push(`${index} ${key} ${type} ${textOf(facts)} ${textOf(await contents(ask, type, key))}`)
    }
  }
  return lines.sort()
}

/** Also of integers that no number holds. */
export function textOf(facts: unknown): string {
  return JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
}

async function contents(ask: Ask, type: string, key: string): Promise<unknown> {
  switch (type) {
    case 'string':
      return ask(['GET', key])
    case 'list':
      return ask(['LRANGE', key, '0', '-1'])
    case 'set':
      return ((await ask(['SMEMBERS', key])) as string[]).sort()
    case 'zset':
      return scores((await ask(['ZRANGE', key, '0', '-1', 'WITHSCORES'])) as string[])
    case 'hash':
      return pairs((await ask(['HGETALL', key])) as string[]).sort()
    default:
      return streamFacts(await ask(['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0']))
  }
}

/** Later releases spell the same score in fewer digits. */
function scores(words: readonly string[]): readonly (string | number)[] {
  return words.map((word, at) => (at % 2 === 0 || word.endsWith('inf') ? word : Number(word)))
}

function pairs(words: readonly string[]): string[] {
  return words.flatMap((word, at) => (at % 2 === 0 ? [`${word}=${words[at + 1]}`] : []))
}

/** What XINFO says, without how the server stores it and what other releases add. */
const STREAM_FACTS = ['length', 'last-generated-id', 'max-deleted-entry-id', 'entries-added', 'entries']
const GROUP_FACTS = ['name', 'last-delivered-id', 'entries-read', 'lag', 'pel-count', 'pending', 'pel']
const CONSUMER_FACTS = ['name', 'pel-count', 'pending', 'pel']

function streamFacts(reply: Reply): unknown {
  const stream = fieldsOf(reply)
  const groups = (stream.get('groups') as Reply[]).map(group => {
    const fields = fieldsOf(group)
    const consumers = (fields.get('consumers') as Reply[]).map(fieldsOf)
    return [pick(fields, GROUP_FACTS), consumers.map(consumer => pick(consumer, CONSUMER_FACTS))]
  })
  return [pick(stream, STREAM_FACTS), groups]
}

function fieldsOf(reply: Reply): Map<string, Reply> {
  const items = reply as Reply[]
  return new Map(
    items.flatMap((item, at) => (at % 2 === 0 ? [[item as string, items[at + 1]] as const] : [])),
  )
}

const pick = (fields: ReadonlyMap<string, Reply>, names: readonly string[]): unknown[] =>
  names.map(name => fields.get(name) ?? null)
