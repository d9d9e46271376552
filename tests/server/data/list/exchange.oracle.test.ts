import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom } from '../../../../server/lib/random.js'
import { pick, randomElement } from '../../../models/elements.js'
import { type TestEngine, testEngine } from '../../../support/engine.js'
import { describeWithOracle, type Oracle, startOracle } from '../../../support/oracle.js'
import { RawLink } from '../../../support/raw-link.js'
import { type Received, splitReplies } from '../../../support/reply.js'
import type { Line } from '../../../support/request.js'
import { LISTPACK, oldZiplist, sealed, string } from './payloads.js'

/** Lists go from redis-server to ours and back by DUMP and RESTORE, in all the forms they have had. */

const CONFIGS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'list-max-listpack-size': '3' },
  { 'list-max-listpack-size': '-1', 'list-compress-depth': '1' },
  { 'list-max-listpack-size': '-5' },
]

describeWithOracle('lists as they are dumped', () => {
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

  const theirs = async (line: Line): Promise<Buffer> => (await link.ask(line)).bytes

  test.each(CONFIGS)('random lists, with %o', async config => {
    const random = seededRandom(11)
    for (const [name, value] of Object.entries(config)) await link.ask(['CONFIG', 'SET', name, value])
    for (let round = 0; round < 12; round++) {
      const world = testEngine({ config })
      const elements = Array.from({ length: 1 + random.below(pick(random, [3, 30, 600])) }, () =>
        Buffer.from(
          random.below(40) === 0 ? 'ab'.repeat(random.below(9000)) : randomElement(random),
          'latin1',
        ),
      )
      await link.ask('FLUSHALL')
      await link.ask(['RPUSH', 'l', ...elements])
      expect(raw(world, ['RESTORE', 'l', 0, body(await theirs('DUMP l'))])).toEqual(Buffer.from('+OK\r\n'))
      await expectEqual(world)
      const back = body(raw(world, 'DUMP l'))
      expect(await theirs(['RESTORE', 'l', 0, back, 'REPLACE'])).toEqual(Buffer.from('+OK\r\n'))
      await expectEqual(world)
      world.audit()
    }
  })

  async function expectEqual(world: TestEngine): Promise<void> {
    expect(raw(world, 'LRANGE l 0 -1').equals(await theirs('LRANGE l 0 -1'))).toBe(true)
  }

  describe('forms of old', () => {
    test.each([
      ['strings', Buffer.from([1, 3, 1, 97, 0xc0, 5, 0])],
      ['one ziplist', Buffer.concat([Buffer.from([10]), string(oldZiplist())])],
      [
        'a quicklist of ziplists',
        Buffer.concat([Buffer.from([14, 2]), string(oldZiplist()), string(oldZiplist())]),
      ],
      ['plain and packed nodes', Buffer.concat([Buffer.from([18, 2, 1, 2, 104, 105, 2]), string(LISTPACK)])],
    ])('%s', async (_, value) => {
      const world = testEngine()
      const payload = sealed(value)
      expect(await theirs(['RESTORE', 'l', 0, payload, 'REPLACE'])).toEqual(Buffer.from('+OK\r\n'))
      expect(raw(world, ['RESTORE', 'l', 0, payload])).toEqual(Buffer.from('+OK\r\n'))
      await expectEqual(world)
    })
  })
})

function raw(world: TestEngine, line: Line): Buffer {
  const client = world.client('raw')
  client.send(line)
  return client.receive().bytes
}

/** What stands in a bulk string. */
function body(bulk: Buffer): Buffer {
  const [reply]: Received[] = splitReplies(bulk).replies
  const end = reply.bytes.indexOf('\r\n') + 2
  return reply.bytes.subarray(end, -2)
}
