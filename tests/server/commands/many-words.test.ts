import { describe, expect, test } from 'vitest'
import type { Reply, Word } from '../../../server/net/inside-client.js'
import { AofWorld, freshDisk } from '../../support/aof-world.js'

/** Commands of more words than V8's stack takes as arguments of one call, on a server that logs what they do. */

const WORDS = 200_000

const numbered = (word: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${word}${i}`)

async function world(): Promise<AofWorld> {
  const made = new AofWorld({ disk: await freshDisk() })
  await made.start()
  return made
}

interface Case {
  readonly name: string
  readonly before?: readonly (readonly Word[])[]
  readonly command: readonly Word[]
  readonly answer: (reply: Reply) => unknown
  readonly expected: unknown
}

const fields = numbered('f', WORDS)
const half = fields.slice(0, WORDS / 2)
const length = (reply: Reply): unknown => (reply as readonly Reply[]).length
const itself = (reply: Reply): Reply => reply
/** A field stays, so that the hash does. */
const hash: readonly Word[] = ['HSET', 'h', ...fields, 'one', 'more']

const CASES: readonly Case[] = [
  {
    name: 'XADD MAXLEN',
    command: ['XADD', 's', 'MAXLEN', '~', 10, '1-1', ...fields],
    answer: itself,
    expected: '1-1',
  },
  {
    name: 'XADD MINID',
    command: ['XADD', 's', 'MINID', '0-1', '1-*', ...fields],
    answer: itself,
    expected: '1-0',
  },
  {
    name: 'HSETEX',
    command: ['HSETEX', 'h', 'EX', 100, 'FIELDS', WORDS / 2, ...fields],
    answer: itself,
    expected: 1,
  },
  {
    name: 'HPEXPIRE',
    before: [hash],
    command: [
      'HPEXPIRE',
      'h',
      100_000,
      'FIELDS',
      WORDS / 2,
      ...numbered('f', WORDS).filter((_, i) => i % 2 === 0),
    ],
    answer: length,
    expected: WORDS / 2,
  },
  {
    name: 'HGETDEL',
    before: [hash],
    command: ['HGETDEL', 'h', 'FIELDS', WORDS / 2, ...fields.filter((_, i) => i % 2 === 0)],
    answer: length,
    expected: WORDS / 2,
  },
  { name: 'MSETEX', command: ['MSETEX', WORDS / 2, ...fields], answer: itself, expected: 1 },
  {
    name: 'SORT with many GETs',
    before: [
      ['RPUSH', 'l', 'a'],
      ['SET', 'f7a', 'found'],
    ],
    command: ['SORT', 'l', 'ALPHA', ...half.flatMap(field => ['GET', `${field}*`])],
    answer: reply => (reply as readonly Reply[]).filter(value => value !== null),
    expected: ['found'],
  },
  {
    name: 'XREADGROUP with CLAIM, which waits',
    before: [
      ['XADD', 's', '1-1', 'a', 'b'],
      ['XGROUP', 'CREATE', 's', 'g', '$'],
    ],
    command: [
      ...['XREADGROUP', 'GROUP', 'g', 'c', 'CLAIM', 1000, 'BLOCK', 5, 'STREAMS'],
      ...half.map(() => 's'),
      ...half.map(() => '>'),
    ],
    answer: itself,
    expected: null,
  },
  {
    name: 'DEBUG REPLICATE',
    command: ['DEBUG', 'REPLICATE', 'SADD', 'd', ...fields],
    answer: itself,
    expected: 'OK',
  },
]

describe('a command of hundreds of thousands of words does what it does, and is logged', () => {
  test.each(CASES)('$name', async ({ before = [], command, answer, expected }) => {
    const server = await world()
    const client = server.client()
    for (const words of before) await server.until(client.execute(words, false))
    expect(answer(await server.until(client.execute(command, false)))).toEqual(expected)
    const digest = await server.ask('DEBUG', 'DIGEST')
    if (command[1] !== 'REPLICATE') {
      await server.ask('DEBUG', 'LOADAOF')
      expect(await server.ask('DEBUG', 'DIGEST')).toBe(digest)
    }
  })
})
