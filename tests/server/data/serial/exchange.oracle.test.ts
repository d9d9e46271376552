import { afterAll, beforeAll, expect, test } from 'vitest'
import { testEngine } from '../../../support/engine.js'
import { describeWithOracle, startOracle, type Oracle } from '../../../support/oracle.js'
import { RawLink } from '../../../support/raw-link.js'

const VALUES = [
  '',
  '0',
  '-1',
  '127',
  '128',
  '-128',
  '-129',
  '32767',
  '32768',
  '-32769',
  '2147483647',
  '2147483648',
  '-2147483648',
  '-2147483649',
  '9223372036854775807',
  '01',
  '+1',
  'x'.repeat(20),
  'x'.repeat(21),
  'x'.repeat(63),
  'abcdefghij'.repeat(6) + 'klmn',
  'ab'.repeat(10_000),
  Array.from({ length: 70_000 }, (_, i) => String.fromCharCode((i * i) % 251)).join(''),
]

describeWithOracle('payloads of DUMP go both ways between redis-server and ours', () => {
  let oracle: Oracle
  let link: RawLink
  beforeAll(async () => {
    oracle = await startOracle()
    link = await RawLink.open(oracle.port)
  })
  afterAll(async () => {
    link.close()
    await oracle.stop()
  })

  const bytes = (text: unknown): Buffer => Buffer.from(text as string, 'latin1')

  test('theirs to ours', async () => {
    const world = testEngine()
    for (const value of VALUES) {
      await link.ask(['SET', 'k', bytes(value)])
      const payload = bytes((await link.ask('DUMP k')).value)
      expect(world.ask(['RESTORE', 'k', '0', payload, 'REPLACE'])).toBe('OK')
      expect(world.ask('GET k')).toBe(value)
    }
    world.audit()
  })

  test('ours to theirs, compressed or not', async () => {
    for (const rdbcompression of ['yes', 'no']) {
      const world = testEngine({ config: { rdbcompression } })
      for (const value of VALUES) {
        world.ask(['SET', 'k', bytes(value)])
        const payload = bytes(world.ask('DUMP k'))
        expect((await link.ask(['RESTORE', 'k', '0', payload, 'REPLACE'])).value).toBe('OK')
        expect((await link.ask('GET k')).value).toBe(value)
      }
    }
  })
})
