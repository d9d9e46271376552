import { expect, test } from 'vitest'
import type { ArgumentDoc } from '../../server/engine/argument.js'
import type { TableEntry } from '../../server/engine/table.js'
import { type Random, seededRandom } from '../../server/lib/random.js'
import { type TestClient, type TestEngine, testEngine } from '../support/engine.js'
import { type Reply, ReplyError } from '../support/reply.js'
import { lineOf } from '../support/request.js'

/**
 * Every command with any words: those of its own grammar in any order, numbers of any size, keys of every type. Whatever
 * comes of it is an answer: no exception, no reply that cannot be read, no block of memory lost or used twice.
 *
 * SEED and REQUESTS may be given; a failure names its request and the ones before it.
 */

const SEED = Number(process.env.SEED ?? 20_261_120)
const REQUESTS = Number(process.env.REQUESTS ?? 12_000)
/** Requests of one world. */
const TRIAL = 500
/** Of the last requests a failure tells so many. */
const TOLD = 12

/** They end, stop or silence the server, wait for time or other servers, or take as long as they are told to. */
const EXCLUDED = new RegExp(
  '^(shutdown|debug|pfselftest|client\\|(pause|reply)|replicaof|slaveof|psync|sync|failover|migrate|config\\|(set|rewrite)' +
    '|bgsave|bgrewriteaof|save|backup.*|quit|monitor|wait.*|replconf|sentinel.*)$',
)

const KEYS: Readonly<Record<string, readonly string[]>> = {
  string: [
    'SET string 12345',
    'SET float 1.5',
    'SET text hello',
    'SET short x EX 1000000',
    'SETBIT bits 99 1',
  ],
  list: ['RPUSH list a 7 -300 b c a', 'RPUSH long ' + 'element '.repeat(600)],
  set: ['SADD set a b 7', 'SADD integers 1 2 70000', 'SADD many ' + numbers(600)],
  hash: ['HSET hash f 1 g x 7 -300', 'HEXPIRE hash 1000000 FIELDS 1 f', 'HSET table ' + numbers(1200)],
  zset: ['ZADD zset 1 a 2.5 b -inf c', 'ZADD tree ' + numbers(600), 'GEOADD geo 13.3 38.1 a 15 37 b'],
  stream: [
    'XADD stream 1-1 f v',
    'XADD stream 2-0 f v g w',
    'XGROUP CREATE stream g 0',
    'XREADGROUP GROUP g c STREAMS stream >',
  ],
  others: ['PFADD hll a b c'],
}

const NAMES = [
  ...[
    'string',
    'float',
    'text',
    'short',
    'bits',
    'list',
    'long',
    'set',
    'integers',
    'many',
    'hash',
    'table',
    'zset',
  ],
  ...['tree', 'geo', 'stream', 'hll', 'missing', 'new', ''],
]
const NUMBERS = [
  ...[
    '0',
    '1',
    '2',
    '3',
    '-1',
    '-2',
    '10',
    '100',
    '1.5',
    '-0.0',
    'inf',
    '-inf',
    'nan',
    '1e300',
    '0x10',
    '1e5',
    '-0',
  ],
  ...['2147483647', '2147483648', '4294967295', '4294967296', '-4294967297', '9007199254740993', '536870912'],
  ...['9223372036854775807', '-9223372036854775808', '9223372036854775808', '-9223372036854775807'],
  ...[
    '18446744073709551615',
    '18446744073709551616',
    '99999999999999999999',
    '70368744177664',
    '281474976710656',
  ],
]
const ODD = [
  ...[
    '',
    ' ',
    '\0',
    '\r\n',
    '\xff\xfe',
    '*',
    '?',
    '[',
    '[a',
    '(1',
    '(',
    '+',
    '-',
    '$',
    '>',
    '1-1',
    '2-0',
    '0-0',
    '5-*',
    '1-',
  ],
  ...[
    'a',
    'b',
    'c',
    'f',
    'g',
    'FIELDS',
    'MEMBERS',
    'IDS',
    'KEYS',
    'x'.repeat(300),
    'u8',
    'i64',
    'u64',
    '#1',
    '@all',
    '~*',
    '{a}',
    'SAMPLES',
  ],
]

function numbers(count: number): string {
  return Array.from({ length: count }, (_, i) => i).join(' ')
}

function populated(): TestEngine {
  const world = testEngine({ nowMs: 1_700_000_000_000, config: { 'notify-keyspace-events': 'KEAmn' } })
  for (const lines of Object.values(KEYS)) for (const line of lines) world.ask(line)
  const listener = world.client('listener', 3)
  listener.ask('PSUBSCRIBE *')
  listener.ask('CLIENT TRACKING ON BCAST')
  return world
}

class Stranger {
  private readonly entries: readonly TableEntry[]
  private readonly tokens = new Map<TableEntry, readonly string[]>()

  constructor(
    { engine }: TestEngine,
    private readonly random: Random,
  ) {
    this.entries = [...engine.table.all()].filter(({ command }) => !EXCLUDED.test(command.fullName))
  }

  request(): string[] {
    const entry = this.pick(this.entries)
    const { command } = entry
    const name = command.fullName.split('|')
    const least = Math.abs(command.arity) - name.length
    const count = Math.max(0, least + this.random.below(4) - (this.random.below(6) === 0 ? 1 : 0))
    const more = command.arity < 0 ? this.random.below(5) : 0
    const tokens = this.tokensOf(entry)
    return [...name, ...Array.from({ length: count + more }, (_, i) => this.word(tokens, i))]
  }

  private word(tokens: readonly string[], place: number): string {
    if (place === 0 && this.random.below(4) > 0) return this.pick(NAMES)
    switch (this.random.below(5)) {
      case 0:
        return this.pick(NAMES)
      case 1:
        return this.pick(ODD)
      case 2:
        return tokens.length > 0 ? this.pick(tokens) : this.pick(ODD)
      default:
        return this.random.below(2) === 0 ? `${this.random.below(4)}` : this.pick(NUMBERS)
    }
  }

  private tokensOf(entry: TableEntry): readonly string[] {
    const known = this.tokens.get(entry) ?? entry.command.docs.flatMap(tokensIn)
    this.tokens.set(entry, known)
    return known
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.random.below(from.length)]
  }
}

function tokensIn(doc: ArgumentDoc): string[] {
  return [...(doc.token === undefined ? [] : [doc.token]), ...(doc.arguments ?? []).flatMap(tokensIn)]
}

/** Says it and hears all that comes; answers the client for the next request, as this one may wait or be gone. */
function say(
  client: TestClient,
  words: readonly string[],
  next: () => TestClient,
  hear: (words: readonly string[], reply: Reply) => void,
): TestClient {
  client.send(words)
  while (client.waiting > 0) hear(words, client.receive().value)
  const { session } = client
  if (session.waiting === null && !session.closing) return client
  client.close()
  return next()
}

test(`whatever is asked is answered, seed ${SEED}`, { timeout: 600_000 }, () => {
  const random = seededRandom(SEED)
  /** Names of commands that were answered with something other than an error. */
  const succeeded = new Set<string>()
  const hear = (words: readonly string[], reply: Reply): void => {
    if (!(reply instanceof ReplyError)) succeeded.add(words[0])
  }
  for (let trial = 0; trial * TRIAL < REQUESTS; trial++) {
    const world = populated()
    const stranger = new Stranger(world, random)
    let clients = 0
    const next = (): TestClient => {
      const client = world.client(`stranger ${++clients}`, random.below(2) === 0 ? 2 : 3)
      client.ask('CLIENT TRACKING ON')
      return client
    }
    let client = next()
    const story: string[] = []
    try {
      for (let i = 0; i < TRIAL; i++) {
        const words = stranger.request()
        story.push(lineOf(words))
        client = say(client, words, next, hear)
        if (random.below(50) === 0) world.advance(random.below(2000))
        while (world.client('listener').waiting > 0) world.client('listener').receive()
      }
      world.audit()
    } catch (error) {
      throw new Error(`trial ${trial}:\n${story.slice(-TOLD).join('\n').slice(-3000)}`, { cause: error })
    }
  }
  expect(succeeded.size).toBeGreaterThan(Math.min(200, REQUESTS / 120))
  if (process.env.REQUESTS !== undefined) console.log(`${succeeded.size} commands did something`)
})
