import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  fitted,
  increased,
  readField,
  writeField,
  type FieldType,
  type Int,
} from '../../../server/data/bitfield.js'
import { bitOp, bitOpLength, type BitOp } from '../../../server/data/bitop.js'
import { countBits, findBit, setBit } from '../../../server/data/bits.js'
import { lcsBytes, lcsLength, lcsRuns } from '../../../server/data/lcs.js'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'
import { describeWithOracle, startOracle, type Oracle } from '../../support/oracle.js'

describeWithOracle('bits and subsequences against redis-server', () => {
  let oracle: Oracle
  let redis: Redis

  beforeAll(async () => {
    oracle = await startOracle()
    redis = new Redis({ port: oracle.port, stringNumbers: true })
  })
  afterAll(async () => {
    redis.disconnect()
    await oracle.stop()
  })

  test('BITCOUNT and BITPOS over ranges of bits', async () => {
    const random = seededRandom(1)
    for (let round = 0; round < 400; round++) {
      const value = randomBitmap(random)
      await redis.set('k', value.bytes())
      const last = value.length * 8 - 1
      const from = random.below(last + 1)
      const to = from + random.below(last + 1 - from)
      const bit = random.below(2) as 0 | 1
      expect(await redis.call('BITCOUNT', 'k', from, to, 'BIT')).toBe(`${countBits(value, from, to)}`)
      expect(await redis.call('BITPOS', 'k', bit, from, to, 'BIT')).toBe(
        `${findBit(value, bit, from, to, false)}`,
      )
      const start = from >> 3
      expect(await redis.call('BITPOS', 'k', bit, start)).toBe(
        `${findBit(value, bit, start * 8, last, true)}`,
      )
    }
  })

  test('SETBIT grows the string and gives the bit before', async () => {
    const random = seededRandom(2)
    const mem = Mem.ofSize(64)
    for (let round = 0; round < 200; round++) {
      const offset = random.below(512)
      const bit = random.below(2) as 0 | 1
      expect(await redis.call('SETBIT', 'bits', offset, bit)).toBe(`${setBit(mem, 0, offset, bit)}`)
    }
    const theirs = (await redis.getBuffer('bits'))!
    expect(mem.u8.subarray(0, theirs.length)).toEqual(theirs)
  })

  test.each<BitOp>(['and', 'or', 'xor', 'not'])('BITOP %s', async op => {
    const random = seededRandom(3)
    for (let round = 0; round < 100; round++) {
      const count = op === 'not' ? 1 : 1 + random.below(4)
      const sources = Array.from({ length: count }, () => randomBitmap(random))
      await Promise.all(sources.map((source, i) => redis.set(`s${i}`, source.bytes())))
      await redis.call('BITOP', op, 'dest', ...sources.map((_, i) => `s${i}`))
      const to = Mem.ofSize(bitOpLength(sources))
      bitOp(op, sources, to, 0)
      expect(to.u8.subarray(0, bitOpLength(sources))).toEqual(await redis.getBuffer('dest'))
    }
  })

  test('BITFIELD: reads, writes and increments of every type under every policy', async () => {
    const random = seededRandom(4)
    const mem = Mem.ofSize(64)
    await redis.set('field', mem.u8)
    for (let round = 0; round < 3000; round++) {
      const offset = random.below(400)
      const operation = randomOperation(random)
      const reply = (await redis.call('BITFIELD', 'field', ...operation.words(offset))) as (string | null)[]
      expect(reply[0]).toBe(operation.apply(mem, offset)?.toString() ?? null)
    }
    expect(await redis.getBuffer('field')).toEqual(mem.u8)
  })

  test('LCS, its length and its runs', async () => {
    const random = seededRandom(5)
    for (let round = 0; round < 300; round++) {
      const letters = [2, 4, 26][random.below(3)]
      const [a, b] = [randomText(random, letters), randomText(random, letters)]
      await redis.mset('a', a.bytes(), 'b', b.bytes())
      const minLength = random.below(4)
      const { length, runs } = lcsRuns(a, b, minLength)
      expect(await redis.callBuffer('LCS', 'a', 'b')).toEqual(lcsBytes(a, b))
      expect(await redis.call('LCS', 'a', 'b', 'LEN')).toBe(`${lcsLength(a, b)}`)
      expect(await redis.call('LCS', 'a', 'b', 'IDX', 'MINMATCHLEN', minLength, 'WITHMATCHLEN')).toEqual([
        'matches',
        runs.map(run => [range(run.a, run.length), range(run.b, run.length), `${run.length}`]),
        'len',
        `${length}`,
      ])
    }
  })
})

function range(start: number, length: number): string[] {
  return [`${start}`, `${start + length - 1}`]
}

function randomBitmap(random: Random): Span {
  const bytes =
    random.below(2) === 0
      ? random.bytes(1 + random.below(60))
      : Buffer.alloc(1 + random.below(60), -random.below(2))
  bytes[random.below(bytes.length)] ^= 1 << random.below(8)
  return Span.of(bytes)
}

function randomText(random: Random, letters: number): Span {
  return Span.of(Buffer.from(Array.from({ length: 1 + random.below(90) }, () => 97 + random.below(letters))))
}

interface Operation {
  words(offset: number): string[]
  apply(mem: Mem, offset: number): Int | null
}

/** One BITFIELD subcommand: as Redis takes it, and done by us. */
function randomOperation(random: Random): Operation {
  const signed = random.below(2) === 0
  const type: FieldType = { signed, bits: 1 + random.below(signed ? 64 : 63) }
  const name = `${signed ? 'i' : 'u'}${type.bits}`
  const operand = randomOperand(random, type.bits)
  const policy = (['wrap', 'sat', 'fail'] as const)[random.below(3)]
  const read = (mem: Mem, offset: number): Int => readField(new Span(mem, 0, mem.length), offset, type)
  const write = (mem: Mem, offset: number, value: Int | null): Int | null => {
    if (value !== null) writeField(mem, 0, offset, type, value)
    return value
  }
  switch (random.below(3)) {
    case 0:
      return { words: offset => ['GET', name, `${offset}`], apply: read }
    case 1:
      return {
        words: offset => ['OVERFLOW', policy, 'SET', name, `${offset}`, `${operand}`],
        apply(mem, offset) {
          const before = read(mem, offset)
          return write(mem, offset, fitted(type, operand, policy)) === null ? null : before
        },
      }
    default:
      return {
        words: offset => ['OVERFLOW', policy, 'INCRBY', name, `${offset}`, `${operand}`],
        apply: (mem, offset) => write(mem, offset, increased(type, read(mem, offset), operand, policy)),
      }
  }
}

/** An int64, mostly about as large as the field. */
function randomOperand(random: Random, bits: number): Int {
  const wide = (BigInt(random.uint32()) << 32n) | BigInt(random.uint32())
  const value = BigInt.asIntN(random.below(4) === 0 ? 64 : Math.min(64, bits + 1), wide)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
