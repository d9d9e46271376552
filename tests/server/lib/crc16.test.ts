import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { crc16, keySlot } from '../../../server/lib/crc16.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'
import { describeWithOracle, startOracle } from '../../support/oracle.js'

function slotOf(key: string): number {
  const bytes = Buffer.from('..' + key, 'latin1')
  return keySlot(bytes, 2, bytes.length - 2)
}

test('the check value of the polynomial', () => {
  expect(crc16(Buffer.from('123456789'), 0, 9)).toBe(0x31c3)
})

test.each([
  ['', 0],
  ['foo', 12182],
  ['{user1000}.following', 3443],
  ['{user1000}.followers', 3443],
])('the slot of %j is %i', (key, slot) => {
  expect(slotOf(key)).toBe(slot)
})

test('only the first tag counts, and an empty or open one does not', () => {
  expect(slotOf('foo{{bar}}zap')).toBe(slotOf('{bar'))
  expect(slotOf('foo{bar}{zap}')).toBe(slotOf('bar'))
  expect(slotOf('}{a}')).toBe(slotOf('a'))
  expect(slotOf('foo{}{bar}')).not.toBe(slotOf('bar'))
  expect(slotOf('foo{bar')).not.toBe(slotOf('bar'))
})

describeWithOracle('slots against redis-server', () => {
  test('CLUSTER KEYSLOT says the same', async () => {
    const oracle = await startOracle(['--cluster-enabled', 'yes'])
    const redis = new Redis(oracle.port)
    const random = seededRandom(12)
    const keys = Array.from({ length: 1000 }, () => taggedKey(random))
    const slots = await Promise.all(keys.map(key => redis.cluster('KEYSLOT', key)))
    expect(keys.map(slotOf)).toEqual(slots)
    redis.disconnect()
    await oracle.stop()
  })
})

function taggedKey(random: Random): string {
  return Array.from({ length: 1 + random.below(10) }, () => '{}ab1'[random.below(5)]).join('')
}
