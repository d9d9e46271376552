import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  REGISTERS,
  Sketch,
  cacheCardinality,
  cachedCardinality,
  cardinality,
  cardinalityOf,
  decodeSparse,
  isDense,
  isHyperLogLog,
  mergeInto,
} from '../../../../server/data/hyperloglog/hyperloglog.js'
import { Span } from '../../../../server/lib/bytes.js'
import { seededRandom, type Random } from '../../../../server/lib/random.js'
import { describeWithOracle, startOracle, type Oracle } from '../../../support/oracle.js'

/** The error a command gave, as a value, so that two servers' answers can be compared. */
const INVALID = 'INVALIDOBJ'

describeWithOracle('HyperLogLog against redis-server, byte for byte', () => {
  let oracle: Oracle
  let redis: Redis
  /** Gives integers as text: an estimate may need all 64 bits. */
  let exact: Redis

  beforeAll(async () => {
    oracle = await startOracle()
    redis = new Redis({ port: oracle.port })
    exact = new Redis({ port: oracle.port, stringNumbers: true })
  })
  afterAll(async () => {
    redis.disconnect()
    exact.disconnect()
    await oracle.stop()
  })
  beforeEach(async () => {
    await redis.flushall()
    await redis.config('SET', 'hll-sparse-max-bytes', 3000)
  })

  async function theirs(key: string): Promise<Buffer> {
    return (await redis.getBuffer(key))!
  }

  async function ask(...command: [string, ...(string | Buffer)[]]): Promise<unknown> {
    const [name, ...args] = command
    try {
      return await redis.call(name, ...args)
    } catch (error) {
      const text = String(error)
      return text.includes(INVALID) ? INVALID : text
    }
  }

  test.each([0, 100, 3000, 20_000])('PFADD with hll-sparse-max-bytes %i', async sparseMax => {
    await redis.config('SET', 'hll-sparse-max-bytes', sparseMax)
    const random = seededRandom(sparseMax + 1)
    const sketch = new Sketch().begin()
    for (let batch = 0; batch < 40; batch++) {
      const elements = randomElements(random, random.below(batch * 10 + 1))
      const raised = elements.filter(element => sketch.add(Span.of(element), sparseMax) === 'raised')
      const reply = await ask('PFADD', 'k', ...elements)
      expect(reply).toBe(raised.length > 0 || batch === 0 ? 1 : 0)
      expect(await theirs('k')).toEqual(sketch.value.bytes())
    }
  })

  test('PFCOUNT caches the estimate in the value', async () => {
    const random = seededRandom(2)
    const sketch = new Sketch().begin()
    for (let batch = 0; batch < 60; batch++) {
      const elements = randomElements(random, 1 + random.below(1 << (batch >> 2)))
      for (const element of elements) sketch.add(Span.of(element), 3000)
      await ask('PFADD', 'k', ...elements)
      const estimated = cachedCardinality(sketch.value) ?? cardinality(sketch.value)!
      expect(await ask('PFCOUNT', 'k')).toBe(estimated)
      cacheCardinality(sketch.value, estimated)
      expect(await theirs('k')).toEqual(sketch.value.bytes())
    }
  })

  test('PFMERGE and PFCOUNT of several keys, sparse and dense, into new and existing keys', async () => {
    const random = seededRandom(3)
    for (let round = 0; round < 60; round++) {
      await redis.flushall()
      const keys = ['dest', 'a', 'b', 'c'].slice(random.below(2), 2 + random.below(3))
      const values = new Map<string, Span>()
      for (const key of keys) {
        const elements = randomElements(random, random.below([10, 400, 1500, 5000][random.below(4)]))
        await ask('PFADD', key, ...elements)
        values.set(key, Span.of(await theirs(key)))
      }
      expect(await ask('PFCOUNT', ...keys, 'missing')).toBe(cardinalityOf(union([...values.values()])))
      await ask('PFMERGE', 'dest', ...keys)
      expect(await theirs('dest')).toEqual(merged(values, 3000))
    }
  })

  test('PFDEBUG shows the same opcodes and the same registers', async () => {
    const elements = randomElements(seededRandom(4), 700)
    await ask('PFADD', 'k', ...elements)
    const value = Span.of(await theirs('k'))
    expect(await ask('PFDEBUG', 'DECODE', 'k')).toBe(decodeSparse(value))
    expect(await ask('PFDEBUG', 'TODENSE', 'k')).toBe(1)
    const sketch = new Sketch().load(value)
    sketch.toDense()
    expect(await theirs('k')).toEqual(sketch.value.bytes())
    expect(await ask('PFDEBUG', 'GETREG', 'k')).toEqual([...union([value])])
  })

  test('forged values get the same answers', async () => {
    const random = seededRandom(5)
    for (let round = 0; round < 400; round++) {
      const forged = forge(random)
      const value = Span.of(forged)
      const element = random.bytes(4)
      await redis.set('k', forged)
      expect(isHyperLogLog(value)).toBe(true)
      expect(await ask('PFDEBUG', 'DECODE', 'k')).toBe(decodeSparse(value))
      expect(await ask('PFCOUNT', 'k')).toBe(cachedCardinality(value) ?? cardinality(value) ?? INVALID)
      expect(await ask('PFMERGE', 'd', 'k')).toBe(
        mergeInto(new Uint8Array(REGISTERS), value) ? 'OK' : INVALID,
      )

      await redis.set('k', forged)
      const sketch = new Sketch().load(value)
      const change = sketch.add(Span.of(element), 3000)
      expect(await ask('PFADD', 'k', element)).toBe({ raised: 1, kept: 0, corrupt: INVALID }[change])
      if (change !== 'corrupt') expect(await theirs('k')).toEqual(sketch.value.bytes())

      await redis.set('k', forged)
      const dense = new Sketch().load(value).toDense()
      expect(await ask('PFDEBUG', 'TODENSE', 'k')).toBe(dense === 'corrupt' ? INVALID : 1)
    }
  })

  test('dense registers of any value get the same estimate, the impossible ones included', async () => {
    const random = seededRandom(6)
    for (let round = 0; round < 64; round++) {
      const forged = Buffer.concat([header(0), Buffer.alloc(12_288)])
      for (let at = 16; at < forged.length; at++) forged[at] = forgedByte(random, round)
      await redis.set('k', forged)
      // Twice the same key: a union is never answered from the cache.
      expect(await exact.call('PFCOUNT', 'k', 'k')).toBe(String(cardinality(Span.of(forged))))
    }
  })
})

function randomElements(random: Random, count: number): Buffer[] {
  return Array.from({ length: count }, () => random.bytes(random.below(20)))
}

function union(values: readonly Span[]): Uint8Array {
  const registers = new Uint8Array(REGISTERS)
  for (const value of values) mergeInto(registers, value)
  return registers
}

/** What PFMERGE makes of its destination: dense as soon as anything that takes part is. */
function merged(values: ReadonlyMap<string, Span>, sparseMax: number): Buffer {
  const sketch = new Sketch()
  const dest = values.get('dest')
  if (dest === undefined) sketch.begin()
  else sketch.load(dest)
  const all = [...values.values()]
  if (all.some(isDense)) sketch.toDense()
  sketch.merge(union(all), sparseMax)
  const bytes = Buffer.from(sketch.value.bytes())
  bytes[15] |= 0x80
  return bytes
}

function header(encoding: number): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.write('HYLL')
  bytes[4] = encoding
  bytes[15] = 0x80
  return bytes
}

/** Sparse opcodes that nearly, or exactly, or by far do not cover the registers. */
function forge(random: Random): Buffer {
  const opcodes: number[] = []
  let left = REGISTERS + [0, 0, -1, 1, 5000][random.below(5)]
  while (left > 0) {
    const run = Math.min(left, 1 + random.below(random.below(2) === 0 ? 6 : 8000))
    left -= pushRun(opcodes, random, run)
  }
  return Buffer.concat([header(1), Buffer.from(opcodes)])
}

function pushRun(opcodes: number[], random: Random, run: number): number {
  if (run <= 4 && random.below(2) === 0) opcodes.push(0x80 | (random.below(32) << 2) | (run - 1))
  else if (run <= 64) opcodes.push(run - 1)
  else opcodes.push(0x40 | ((run - 1) >> 8), (run - 1) & 0xff)
  return run
}

/** From all zeros through noise to all ones. */
function forgedByte(random: Random, round: number): number {
  if (round === 0) return 0xff
  if (round === 1) return [0xf3, 0x3c, 0xcf][random.below(3)]
  const noise = random.uint32() & 0xff
  return round % 3 === 0 ? noise : round % 3 === 1 ? noise | (round * 4) : noise & round
}
