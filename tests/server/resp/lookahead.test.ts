import { describe, expect, test } from 'vitest'
import { Mem } from '../../../server/lib/bytes.js'
import { type Random, seededRandom } from '../../../server/lib/random.js'
import { Lookahead } from '../../../server/resp/lookahead.js'
import { HEADROOM, RequestParser } from '../../../server/resp/parser.js'

interface Heard {
  readonly requests: readonly string[]
  readonly error: string | undefined
  /** How many requests were found before their turn. */
  readonly ahead: number
}

/** What a parser makes of these reads; one that `looks` ahead after every request, as a connection does. */
function listen(reads: readonly string[], looks: boolean): Heard {
  const ahead = new Lookahead()
  const parser = new RequestParser(() => ({ maxBulk: 1 << 20, authenticated: true }), ahead)
  const requests: string[] = []
  let found = 0
  for (const read of reads) {
    const bytes = Buffer.from(read, 'latin1')
    parser.feed(Mem.copyOf(Buffer.concat([Buffer.alloc(HEADROOM), bytes])), HEADROOM, bytes.length)
    while (parser.next()) {
      requests.push(JSON.stringify(parser.request.list().map(word => word.latin1())))
      if (looks && parser.lookAhead()) found += ahead.count
    }
    parser.park()
  }
  return { requests, error: parser.error?.line, ahead: found }
}

function wordOf(random: Random): string {
  const length = [0, 1, 9, 10, 99, 100, 999, 1000][random.below(8)]
  return '*1\r\n$3\r\nx'.repeat(100).slice(0, length).padEnd(length, 'y')
}

function requestOf(random: Random): string {
  const kind = random.below(40)
  if (kind === 0) return 'SET inline 1\r\n'
  if (kind === 1) return '*0\r\n'
  if (kind === 2) return '*2\r\n$3\r\nGET\r\n$03\r\nabc\r\n'
  const words = Array.from({ length: 1 + random.below(10) }, () => wordOf(random))
  return `*${words.length}\r\n${words.map(word => `$${word.length}\r\n${word}\r\n`).join('')}`
}

function torn(text: string, random: Random): string[] {
  const reads: string[] = []
  for (let at = 0; at < text.length;) {
    const length = 1 + random.below(random.below(2) === 0 ? 30 : 20_000)
    reads.push(text.slice(at, at + length))
    at += length
  }
  return reads
}

describe('a parser that looks ahead', () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))('hears what another hears (seed %i)', seed => {
    const random = seededRandom(seed)
    const text = Array.from({ length: 60 }, () => requestOf(random)).join('')
    const reads = torn(text, random)
    const plain = listen(reads, false)
    const { requests, error } = listen(reads, true)
    expect(requests).toEqual(plain.requests)
    expect(error).toBe(plain.error)
  })

  test('finds all plain requests of a read', () => {
    const { requests, ahead } = listen(['*2\r\n$3\r\nGET\r\n$1\r\na\r\n'.repeat(100)], true)
    expect(requests).toHaveLength(100)
    expect(ahead).toBe(99)
  })

  test('leaves to the states of the protocol what is torn, long or wrong', () => {
    const torn = '*2\r\n$3\r\nGET\r\n$1\r\na\r'
    const long = `*1\r\n$1000\r\n${'x'.repeat(1000)}\r\n`
    const many = `*9\r\n${'$1\r\na\r\n'.repeat(9)}`
    const wrong = '*1\r\n$01\r\na\r\n'
    for (const text of [torn, long, many, wrong, '*1\r\n+1\r\n', 'PING\r\n'])
      expect(new Lookahead().find(Mem.copyOf(Buffer.from(text)), 0, text.length)).toBe(0)
  })

  test('forgets what it found when the connection stops in the middle', () => {
    const parser = new RequestParser(() => ({ maxBulk: 1 << 20, authenticated: true }))
    const text = ['a', 'b', 'c'].map(word => `*1\r\n$1\r\n${word}\r\n`).join('')
    parser.feed(Mem.copyOf(Buffer.alloc(HEADROOM + text.length).fill(text, HEADROOM)), HEADROOM, text.length)
    parser.next()
    parser.lookAhead()
    parser.park()
    parser.feed(Mem.copyOf(Buffer.alloc(HEADROOM + 1).fill('*', HEADROOM)), HEADROOM, 1)
    expect(parser.next() && parser.request.word(0).latin1()).toBe('b')
    expect(parser.next() && parser.request.word(0).latin1()).toBe('c')
    expect(parser.next()).toBe(false)
  })
})
