import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Span } from '../../../server/lib/bytes.js'
import { Glob, globMatches } from '../../../server/lib/glob.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'
import { describeWithOracle, startOracle, type Oracle } from '../../support/oracle.js'

function matches(pattern: string, text: string, ignoreCase = false): boolean {
  return globMatches(Span.of(pattern), Span.of(text), ignoreCase)
}

describe('Glob', () => {
  test.each([
    ['', ''],
    ['*', 'anything'],
    ['***', 'x'],
    ['h?llo', 'hello'],
    ['h*llo', 'heeeello'],
    ['h*llo', 'hllo'],
    ['h[ae]llo', 'hallo'],
    ['h[^e]llo', 'hallo'],
    ['h[a-b]llo', 'hbllo'],
    ['h[b-a]llo', 'hallo'],
    ['a*', 'a'],
    ['*a*b*', 'xxaxxbxx'],
    ['*ab', 'aab'],
    ['\\*', '*'],
    ['a\\', 'a\\'],
    ['[\\]]', ']'],
    ['[a-\\]]', '_]'],
    ['[abc', 'c'],
    ['[^', 'x'],
    ['[^]', 'x'],
    ['[a-]', '_'],
    ['[\xf0-\xff]', '\xf5'],
    ['[a-\xff]', '\0'],
  ])('%j matches %j', (pattern, text) => {
    expect(matches(pattern, text)).toBe(true)
  })

  test.each([
    ['', 'a'],
    ['*', ''],
    ['a', ''],
    ['h?llo', 'hllo'],
    ['h[^e]llo', 'hello'],
    ['*a', 'ab'],
    ['a?', 'a'],
    ['[', '['],
    ['[]', 'a'],
    ['[]a]', 'a]'],
    ['\\*', 'x'],
    ['ABC', 'abc'],
    ['[a-\xff]', 'b'],
  ])('%j does not match %j', (pattern, text) => {
    expect(matches(pattern, text)).toBe(false)
  })

  test.each([
    ['HeL*[X-Z]', 'hELlo-y', true],
    ['[^a]', 'A', false],
    ['[\\a]', 'A', false],
    ['\\A', 'a', true],
    ['[Z-a]', 'y', false],
    ['[a-Z]', 'z', false],
    ['\xc0', '\xe0', false],
    ['@', '`', false],
  ])('%j against %j without case: %s', (pattern, text, expected) => {
    expect(matches(pattern, text, true)).toBe(expected)
  })

  test('stars cost no more than pattern times text', () => {
    expect(matches('a*'.repeat(500) + 'b', 'a'.repeat(20_000))).toBe(false)
    expect(matches('*?'.repeat(900) + 'b', 'a'.repeat(20_000))).toBe(false)
  })

  test('beyond a thousand stars nothing matches', () => {
    expect(matches('*a'.repeat(1000), 'a'.repeat(1000))).toBe(true)
    expect(matches('*a'.repeat(1001), 'a'.repeat(1001))).toBe(false)
  })

  test.each([
    ['key', 'key', 'key'],
    ['k\\*y', 'k*y', 'k*y'],
    ['', '', ''],
    ['key:*', null, 'key:'],
    ['k?', null, 'k'],
    ['*', null, ''],
    ['a\\?b[c]', null, 'a?b'],
  ])('the literal of %j is %j and its prefix %j', (pattern, literal, prefix) => {
    const glob = new Glob(Span.of(pattern))
    expect(glob.literal?.toString('latin1') ?? null).toBe(literal)
    expect(glob.prefix.toString('latin1')).toBe(prefix)
    expect(glob.isStar).toBe(pattern === '*')
  })

  test('a compiled pattern reads only its text', () => {
    const glob = new Glob(Span.of('b*'))
    expect(glob.matches(new Span(Span.of('abcd').mem, 1, 2))).toBe(true)
    expect(glob.matchesAt(Buffer.from('abcd'), 0, 4)).toBe(false)
  })
})

/** Pieces that meet every corner: short alphabets make matches likely. */
const PATTERN_PIECES = [
  'a',
  'b',
  'c',
  'A',
  '*',
  '*',
  '?',
  '[',
  ']',
  '^',
  '-',
  '\\',
  '[ab]',
  '[^a]',
  '[a-c]',
  '\xe9',
]
const TEXT_PIECES = ['a', 'b', 'c', 'A', 'B', '-', '^', ']', '[', '*', '\\', '\xe9', '\x80']

function pieces(random: Random, from: string[], most: number): string {
  return Array.from({ length: random.below(most + 1) }, () => from[random.below(from.length)]).join('')
}

describeWithOracle('globs against redis-server', () => {
  let oracle: Oracle
  let redis: Redis

  beforeAll(async () => {
    oracle = await startOracle()
    redis = new Redis(oracle.port)
  })

  afterAll(async () => {
    redis.disconnect()
    await oracle.stop()
  })

  test('KEYS finds the same keys for thousands of patterns', async () => {
    const random = seededRandom(8)
    const keys = [...new Set(Array.from({ length: 300 }, () => pieces(random, TEXT_PIECES, 5)))].sort()
    await redis.mset(keys.flatMap(key => [Buffer.from(key, 'latin1'), '']))
    const patterns = Array.from({ length: 4000 }, () => pieces(random, PATTERN_PIECES, 7))
    const asked = patterns.map(async pattern => {
      const found = (await redis.callBuffer('KEYS', [Buffer.from(pattern, 'latin1')])) as Buffer[]
      return { pattern, found: found.map(key => key.toString('latin1')).sort() }
    })
    for (const { pattern, found } of await Promise.all(asked)) {
      const glob = new Glob(Span.of(pattern))
      const ours = keys.filter(key => glob.isStar || glob.matches(Span.of(key)))
      expect({ pattern, found: ours }).toEqual({ pattern, found })
    }
  })

  test('CONFIG GET ignores case in the same way', async () => {
    const random = seededRandom(9)
    const names = Object.keys(await configOf(redis, '*')).sort()
    for (let i = 0; i < 200; i++) {
      const name = names[random.below(names.length)]
      const pattern = disguise(random, name)
      // A name that is no pattern is answered in the case in which it was asked for.
      const found = Object.keys(await configOf(redis, pattern)).map(name => name.toLowerCase())
      const glob = new Glob(Span.of(pattern), true)
      expect({ pattern, found: names.filter(one => glob.matches(Span.of(one))) }).toEqual({
        pattern,
        found: found.sort(),
      })
    }
  })
})

async function configOf(redis: Redis, pattern: string): Promise<Record<string, string>> {
  const flat = await redis.config('GET', pattern)
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]]] : [])))
}

/** A pattern made from a name: letters change case, become `?`, a class, an escape or a star. */
function disguise(random: Random, name: string): string {
  const forms = [
    (c: string) => c.toUpperCase(),
    (c: string) => c,
    () => '?',
    () => '*',
    (c: string) => `[${c.toUpperCase()}-z]`,
    (c: string) => `[\\${c}]`,
    (c: string) => `[^Q${c === 'q' ? 'x' : 'q'}]`,
  ]
  return Array.from(name, char => forms[random.below(forms.length)](char)).join('')
}
