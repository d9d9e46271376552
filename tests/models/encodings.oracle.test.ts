import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Mem, Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { Element } from '../../server/memory/element.js'
import { addToIntset, initIntset, intsetBytes, removeFromIntset } from '../../server/memory/intset.js'
import { isValidListpack } from '../../server/memory/listpack-check.js'
import {
  appendElement,
  entryAtIndex,
  findElement,
  firstEntry,
  initListpack,
  insertElement,
  listpackBytes,
  removeElements,
  replaceElement,
} from '../../server/memory/listpack.js'
import { describeWithOracle, startOracle, type Oracle } from '../support/oracle.js'
import { NEARLY_INTEGERS, randomElement, randomInt64 } from './elements.js'

const TYPE_INTSET = 11
const TYPE_QUICKLIST_2 = 18
const PACKED = 2

/** The bytes of the one encoded value in a DUMP, without what surrounds them; of a list, of its only node. */
function encodingIn(dump: Buffer): Buffer {
  const isList = dump[0] === TYPE_QUICKLIST_2
  if (!isList) expect(dump[0]).toBe(TYPE_INTSET)
  else expect([dump[1], dump[2]]).toEqual([1, PACKED])
  return stringAt(dump, isList ? 3 : 1)
}

/** A string of an RDB, its length in 6, 14 or 32 bits. */
function stringAt(rdb: Buffer, at: number): Buffer {
  const first = rdb[at]
  if (first < 0x40) return rdb.subarray(at + 1, at + 1 + first)
  if (first < 0x80) return rdb.subarray(at + 2, at + 2 + (rdb.readUInt16BE(at) & 0x3fff))
  expect(first).toBe(0x80)
  return rdb.subarray(at + 5, at + 5 + rdb.readUInt32BE(at + 1))
}

describeWithOracle('listpacks and intsets of redis-server', () => {
  let oracle: Oracle
  let redis: Redis
  const mem = Mem.ofSize(1 << 18)
  const element = new Element()
  const aim = (text: string): Element => element.set(Span.of(text))
  const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
  const dumped = async (): Promise<Buffer> => encodingIn(await redis.dumpBuffer('k'))
  const ours = (length: number): Buffer => mem.u8.subarray(0, length)

  beforeAll(async () => {
    const bigNodes = ['--list-max-listpack-size', '-5', '--set-max-intset-entries', '100000']
    oracle = await startOracle(['--rdbcompression', 'no', ...bigNodes])
    redis = new Redis({ port: oracle.port })
  })
  afterAll(async () => {
    redis.disconnect()
    await oracle.stop()
  })
  beforeEach(() => redis.flushall())

  test.each([...NEARLY_INTEGERS, 'x'.repeat(4096), 'y'.repeat(16377), 'z'.repeat(16378)])(
    'hold %.20j in the same bytes',
    async text => {
      initListpack(mem, 0)
      appendElement(mem, 0, aim(text))
      await redis.rpush('k', bytes(text))
      expect(ours(listpackBytes(mem, 0))).toEqual(await dumped())
    },
  )

  test('stay the same bytes through random changes of a list', async () => {
    const random = seededRandom(1)
    initListpack(mem, 0)
    await redis.rpush('k', '0')
    appendElement(mem, 0, aim('0'))
    for (let i = 0; i < 400; i++) {
      const text = randomElement(random).slice(0, 4100)
      const length = await redis.llen('k')
      const index = random.below(length)
      const at = entryAtIndex(mem, 0, index)
      switch (random.below(length > 12 ? 5 : 4)) {
        case 0:
          await redis.rpush('k', bytes(text))
          appendElement(mem, 0, aim(text))
          break
        case 1:
          await redis.lpush('k', bytes(text))
          insertElement(mem, 0, firstEntry(mem, 0), aim(text))
          break
        case 2:
          await redis.lset('k', index, bytes(text))
          replaceElement(mem, 0, at, aim(text))
          break
        case 3: {
          const found = findElement(mem, 0, firstEntry(mem, 0), aim(text))
          const expected = await redis.lpos('k', bytes(text))
          expect(found).toBe(expected === null ? -1 : entryAtIndex(mem, 0, expected))
          break
        }
        default:
          await redis.ltrim('k', 0, 5)
          removeElements(mem, 0, entryAtIndex(mem, 0, 6), Infinity)
      }
      const theirs = await dumped()
      expect(ours(listpackBytes(mem, 0))).toEqual(theirs)
      expect(isValidListpack(Span.of(theirs))).toBe(true)
    }
  })

  test('stay the same bytes through random changes of a set of integers', async () => {
    const random = seededRandom(2)
    const bits = [16, 32, 64]
    initIntset(mem, 0)
    addToIntset(mem, 0, aim('0'))
    await redis.sadd('k', '0')
    for (let i = 0; i < 600; i++) {
      const value = String(BigInt.asIntN(bits[Math.floor(i / 200)], randomInt64(random)))
      if (random.below(4) > 0) {
        expect(addToIntset(mem, 0, aim(value))).toBe((await redis.sadd('k', value)) === 1)
      } else if (value !== '0') {
        expect(removeFromIntset(mem, 0, aim(value))).toBe((await redis.srem('k', value)) === 1)
      }
      expect(ours(intsetBytes(mem, 0))).toEqual(await dumped())
    }
  })
})
