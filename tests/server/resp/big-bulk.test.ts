import { describe, expect, test } from 'vitest'
import { Mem } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { BIG_BULK_MIN, BigBulk } from '../../../server/resp/big-bulk.js'
import { HEADROOM, RequestParser } from '../../../server/resp/parser.js'
import { Request } from '../../../server/resp/request.js'
import { encodeRequest } from '../../support/request.js'

const MB = 1024 * 1024
/** What a socket gives at most in one piece. */
const READ_MAX = 64 * 1024

/** A parser and the memory that all read into, of which nothing is left when the next read comes. */
class Reader {
  readonly parser = new RequestParser(() => ({ maxBulk: 512 * MB, authenticated: true }))
  readonly heard: Buffer[][] = []
  directBytes = 0
  private readonly shared = new Mem(new ArrayBuffer(HEADROOM + READ_MAX))

  /** `direct`: bytes go where the parser wants them. */
  constructor(private readonly direct: boolean) {}

  read(bytes: Buffer): void {
    const { parser } = this
    for (let at = 0; at < bytes.length;) {
      const room = this.direct ? parser.room : null
      const { mem, start } = room ?? { mem: this.shared, start: HEADROOM }
      const length = Math.min(bytes.length - at, room?.length ?? READ_MAX)
      bytes.copy(mem.u8, start, at, at + length)
      at += length
      if (room !== null) this.directBytes += length
      parser.feed(mem, start, length)
      this.takeRequests()
      this.shared.u8.fill(0x23)
    }
  }

  private takeRequests(): void {
    const { parser } = this
    while (parser.next()) {
      const { request } = parser
      this.heard.push(Array.from({ length: request.count }, (_, i) => Buffer.from(request.word(i).bytes())))
    }
    parser.park()
  }
}

function patterned(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + seed * 7 + (i >>> 8)) & 0xff
  return bytes
}

function same(heard: readonly Buffer[][], sent: readonly Buffer[][]): void {
  expect(heard.length).toBe(sent.length)
  for (const [i, words] of sent.entries()) {
    expect(heard[i].length).toBe(words.length)
    for (const [j, word] of words.entries()) expect(heard[i][j].equals(word), `word ${j} of ${i}`).toBe(true)
  }
}

describe.each([
  ['read into memory of its own', true],
  ['read where all read', false],
])('a big bulk %s', (_, direct) => {
  const SMALL = Buffer.from('k')
  const BIG = patterned(BIG_BULK_MIN + 5, 1)
  const pipeline = [[Buffer.from('SET'), SMALL, BIG], [Buffer.from('PING')], [BIG, BIG, SMALL, BIG], [SMALL]]
  const bytes = Buffer.concat(pipeline.map(words => encodeRequest(words)))

  test('is whole wherever it was split', () => {
    const { length } = encodeRequest(pipeline[0])
    const places = [...Array(80).keys(), ...Array.from({ length: 80 }, (_, i) => length - 60 + i)]
    for (const place of places) {
      const reader = new Reader(direct)
      reader.read(bytes.subarray(0, place))
      reader.read(bytes.subarray(place))
      same(reader.heard, pipeline)
    }
  })

  test('may come byte by byte', () => {
    const reader = new Reader(direct)
    for (let at = 0; at < bytes.length; at++) reader.read(bytes.subarray(at, at + 1))
    same(reader.heard, pipeline)
  })

  test('may be a giant among words of all lengths, and comes in pieces of any', () => {
    const random = seededRandom(7)
    const lengths = [0, 3, 100, 16_384, BIG_BULK_MIN - 1, BIG_BULK_MIN, 300_000, 4 * MB - 2, 5 * MB]
    for (let round = 0; round < 12; round++) {
      const sent = Array.from({ length: 6 }, () =>
        Array.from({ length: 1 + random.below(5) }, () =>
          patterned(lengths[random.below(round < 2 ? lengths.length : 7)], random.below(100)),
        ),
      )
      const all = Buffer.concat(sent.map(words => encodeRequest(words)))
      const reader = new Reader(direct)
      for (let at = 0; at < all.length;) {
        const step = 1 + random.below(random.below(2) === 0 ? 200 : 200_000)
        reader.read(all.subarray(at, at + step))
        at += step
        if (random.below(10) === 0) reader.parser.trim(random.below(2) === 0)
      }
      same(reader.heard, sent)
      expect(reader.directBytes > 0).toBe(direct)
    }
  })
})

test('a request of thousands of words, some of them big, comes in pieces of any', () => {
  const random = seededRandom(11)
  const words = Array.from({ length: 4000 }, (_, i) =>
    patterned(i % 700 === 699 ? BIG_BULK_MIN + i : random.below(40), i),
  )
  const sent = [words, [Buffer.from('PING')], words.slice(0, 1500)]
  const all = Buffer.concat(sent.map(each => encodeRequest(each)))
  for (const most of [300, 5000, 70_000]) {
    const reader = new Reader(true)
    for (let at = 0; at < all.length;) {
      const step = 1 + random.below(most)
      reader.read(all.subarray(at, at + step))
      at += step
    }
    same(reader.heard, sent)
  }
})

test('the memory of big words goes when their request has run, but for one to begin the next with', () => {
  const reader = new Reader(true)
  reader.read(encodeRequest([Buffer.from('SET'), patterned(5 * MB, 1), patterned(100_000, 2)]))
  expect(reader.parser.capacity).toBeGreaterThan(100_000)
  expect(reader.parser.capacity).toBeLessThan(101_000)
  reader.parser.trim(false)
  reader.parser.trim(false)
  expect(reader.parser.capacity).toBe(0)
})

test('words of an unfinished request count with all their memory', () => {
  const reader = new Reader(true)
  const bytes = encodeRequest([Buffer.from('SET'), patterned(2 * MB, 1), patterned(3 * MB, 2)])
  reader.read(bytes.subarray(0, 4 * MB))
  expect(reader.parser.capacity).toBeGreaterThan(5 * MB)
  expect(reader.parser.argumentBytes).toBe(3 + 2 * MB)
  expect(reader.parser.pending).toBe(
    4 * MB - (2 * MB + 2) - '*3\r\n$3\r\nSET\r\n$2097152\r\n$3145728\r\n'.length,
  )
})

describe('a giant on its way', () => {
  const LENGTH = 512 * MB

  function begun(bytes: number): BigBulk {
    const bulk = new BigBulk()
    bulk.begin(LENGTH)
    const piece = Mem.copyOf(patterned(MB, 3))
    for (let at = 0; at < bytes; at += MB) bulk.add(piece, 0, MB)
    return bulk
  }

  test('takes 4 MB until they have come', () => {
    expect(begun(0).capacity).toBe(4 * MB)
    expect(begun(3 * MB).capacity).toBe(4 * MB)
  })

  test('counts what has come of it from then on, and has room for the rest', () => {
    const bulk = begun(7 * MB)
    expect(bulk.capacity).toBe(7 * MB + 8)
    expect(bulk.room?.length).toBe(LENGTH + 2 - 7 * MB)
    expect(bulk.firstBytes(3)).toBe(patterned(3, 3).toString('latin1'))
  })

  test('is a gift to who stores it', () => {
    const bulk = new BigBulk()
    const bytes = patterned(5 * MB, 4)
    bulk.begin(bytes.length)
    expect(bulk.add(Mem.copyOf(bytes, 2), 0, bytes.length + 2)).toBe(bytes.length + 2)
    const request = new Request()
    bulk.giveTo(request)
    expect(request.word(0).mem.isGift).toBe(true)
    expect(request.word(0).bytes().equals(bytes)).toBe(true)
  })
})
