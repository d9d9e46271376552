import { describe, expect, test } from 'vitest'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { Request } from '../../../server/resp/request.js'

/** More than have spans that stay. */
const MANY = 5000

function textOf(request: Request): string[] {
  return Array.from({ length: request.count }, (_, i) => request.word(i).latin1())
}

/** Words of all lengths in one memory, behind `start` bytes; every hundredth is elsewhere. */
function mixed(start: number): { request: Request; mem: Mem; texts: string[] } {
  const random = seededRandom(3)
  const texts = Array.from({ length: MANY }, (_, i) => `${i}`.repeat(random.below(5)))
  const mem = Mem.copyOf(Buffer.from(' '.repeat(start) + texts.join('')))
  const request = new Request()
  let at = start
  for (const [i, text] of texts.entries()) {
    if (i % 100 === 99) request.pushSpan(Span.of(text))
    else request.push(mem, at, text.length)
    at += text.length
  }
  return { request, mem, texts }
}

describe('a request of many words', () => {
  test('knows them all, one by one, as a list and as a copy', () => {
    const { request, mem, texts } = mixed(10)
    expect(textOf(request)).toEqual(texts)
    expect(request.list(4990).map(word => word.latin1())).toEqual(texts.slice(4990))
    expect(request.bytes).toBe(texts.join('').length)
    const copy = request.clone()
    mem.u8.fill(0)
    expect(textOf(copy)).toEqual(texts)
  })

  test('goes where its memory goes, but for the words that lie elsewhere', () => {
    const { request, mem, texts } = mixed(1000)
    for (const [start, to] of [
      [3, new Mem(new ArrayBuffer(MANY * 20))],
      [2000, new Mem(new ArrayBuffer(MANY * 20))],
    ] as const) {
      const from = request.word(0)
      from.mem.u8.copy(to.u8, start, from.start)
      request.move(from.mem, to, start - from.start)
      expect(textOf(request)).toEqual(texts)
    }
    mem.u8.fill(0)
    expect(textOf(request)).toEqual(texts)
    request.push(request.word(0).mem, 2000, 3)
    expect(request.word(MANY).latin1()).toBe(texts.join('').slice(0, 3))
  })

  test('goes where its memory goes when the first of its many words lies elsewhere', () => {
    const mem = Mem.copyOf(Buffer.from('x'.repeat(1024) + 'abc'))
    const to = Mem.copyOf(Buffer.from('-'.repeat(1030) + 'abc'))
    const request = new Request()
    for (let i = 0; i < 1024; i++) request.push(mem, i, 1)
    request.pushSpan(Span.of('elsewhere'))
    for (let i = 0; i < 3; i++) request.push(mem, 1024 + i, 1)
    request.move(mem, to, 6)
    expect(request.list(1024).map(word => word.latin1())).toEqual(['elsewhere', 'a', 'b', 'c'])
  })

  test('keeps the hashes noted for its words', () => {
    const { request } = mixed(0)
    for (const index of [0, 1023, 1024, MANY - 1]) {
      request.setHash(index, index + 1)
      expect(request.word(index).hash).toBe(index + 1)
    }
    expect(request.word(3000).hash).toBe(0)
  })

  test('holds nothing of the one before', () => {
    const { request } = mixed(0)
    request.release()
    request.pushSpan(Span.of('a'))
    expect(textOf(request)).toEqual(['a'])
    expect(request.listBytes).toBeLessThan(100)
    expect(() => request.word(2000)).toThrow(RangeError)
  })

  test('counts those that lie elsewhere with the list of its words', () => {
    const request = new Request()
    request.pushSpan(Span.of('first'))
    const elsewhere = Mem.copyOf(Buffer.from('abc'))
    for (let i = 0; i < 10_000; i++) request.push(elsewhere, i % 3, 1)
    expect(request.listBytes).toBeGreaterThan(8000 * 100)
  })

  test('takes a fraction of what spans would for the list of its words', () => {
    const words = Array.from({ length: 100_000 }, () => 'a')
    expect(Request.of(words).listBytes).toBeLessThan(100_000 * 16)
    expect(textOf(Request.of(words))).toEqual(words)
  })
})

test('words of a request made of text and bytes do not touch', () => {
  expect(textOf(Request.of(['SET', Buffer.from([0, 255]), '', 'ä']))).toEqual(['SET', '\0ÿ', '', 'ä'])
})
