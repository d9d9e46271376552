import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../server/lib/random.js'
import { type TestEngine, testEngine } from '../support/engine.js'
import { type Oracle, describeWithOracle, startOracle } from '../support/oracle.js'
import { RawLink } from '../support/raw-link.js'
import type { Line } from '../support/request.js'

/** A stream with groups, in a state that takes some telling: tombstones, pending entries, consumers. */
const HISTORY: readonly Line[] = [
  ...Array.from({ length: 250 }, (_, i) => `XADD s ${i + 1}-${i % 3} a ${i} b ${'x'.repeat(i % 70)}`),
  'XDEL s 4-0 250-0 17-1',
  'XTRIM s MAXLEN 230',
  'XGROUP CREATE s first 0',
  'XGROUP CREATE s second 100',
  'XGROUP CREATE s third $ ENTRIESREAD 7',
  'XREADGROUP GROUP first alice COUNT 30 STREAMS s >',
  'XREADGROUP GROUP first bob COUNT 30 STREAMS s >',
  'XREADGROUP GROUP second carol COUNT 120 STREAMS s >',
  'XACK s first 30-2 31-0',
  'XDEL s 40-0',
  'XGROUP CREATECONSUMER s third dave',
]
const QUESTIONS: readonly Line[] = [
  'XRANGE copy - +',
  'XINFO GROUPS copy',
  'XPENDING copy first',
  'XPENDING copy second',
  'XREADGROUP GROUP second carol COUNT 7 STREAMS copy 0',
  'XREADGROUP GROUP first alice COUNT 7 STREAMS copy >',
  'XACK copy second 101-2',
  'XADD copy 999-1 a b',
  'XLEN copy',
]

describeWithOracle('streams travel between redis-server and ours', () => {
  let oracle: Oracle
  let link: RawLink
  let world: TestEngine
  beforeAll(async () => {
    oracle = await startOracle()
    link = await RawLink.open(oracle.port)
    world = testEngine()
    for (const line of HISTORY) await link.ask(line)
    for (const line of HISTORY) world.ask(line)
  })
  afterAll(async () => {
    link.close()
    await oracle.stop()
  })

  test('what ours dumps, redis-server restores', async () => {
    await link.ask('DEL copy')
    expect((await link.ask(['RESTORE', 'copy', '0', payloadOf(world)])).value).toEqual('OK')
    world.ask('COPY s copy')
    await compare()
  })

  test('what redis-server dumps, ours restores', async () => {
    const payload = bulkOf((await link.ask('DUMP s')).bytes)
    await link.ask('DEL copy')
    await link.ask('COPY s copy')
    world.ask('DEL copy')
    expect(world.ask(['RESTORE', 'copy', '0', payload])).toEqual('OK')
    await compare()
    world.audit()
  })

  test('damaged bytes are refused, or hold no danger', () => {
    const random = seededRandom(7)
    const payload = payloadOf(world)
    for (let i = 0; i < 3000; i++) {
      const damaged = Buffer.from(payload)
      damaged.fill(0, damaged.length - 8)
      for (let hits = 1 + random.below(3); hits > 0; hits--) {
        damaged[1 + random.below(damaged.length - 12)] = random.below(256)
      }
      world.ask('DEL copy')
      world.ask(['RESTORE', 'copy', '0', damaged])
      world.ask('XRANGE copy - + COUNT 300')
      world.ask('XREVRANGE copy + - COUNT 300')
      world.ask('XADD copy 18446744073709551615-1 a b')
      world.ask('XTRIM copy MAXLEN 3')
      world.ask('XGROUP DELCONSUMER copy first alice')
    }
    world.ask('DEL copy')
    world.audit()
  })

  async function compare(): Promise<void> {
    for (const line of QUESTIONS) {
      const theirs = await link.ask(line)
      expect(world.ask(line), String(line)).toEqual(theirs.value)
    }
  }
})

function payloadOf(world: TestEngine): Buffer {
  const client = world.client()
  client.send('DUMP s')
  return bulkOf(client.receive().bytes)
}

/** The bytes of a bulk reply. */
function bulkOf(reply: Buffer): Buffer {
  return reply.subarray(reply.indexOf('\r\n') + 2, reply.length - 2)
}
