import { describe, expect, test } from 'vitest'
import { crc64 } from '../../server/lib/crc64.js'
import { AofWorld, freshDisk } from '../support/aof-world.js'
import { encodeRequest } from '../support/request.js'
import { PoliteMaster } from './polite-master.js'

/**
 * Masters that are no masters, or whose words are torn or wrong: the replica keeps what it has, says in its log why it
 * does not take what it is offered, and asks again after a second.
 */

const NAME = 'a'.repeat(40)
const MARK = 'm'.repeat(40)
const OFFER = `+FULLRESYNC ${NAME} 100\r\n`

/** Expires nothing, holds one key. */
const SNAPSHOT = summed('REDIS0010\xfe\x00\x00\x03new\x03new\xff')

function summed(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  const sum = Buffer.alloc(8)
  sum.writeBigUInt64LE(crc64(bytes))
  return Buffer.concat([bytes, sum])
}

/** One bit of it is another. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] ^= 4
  return copy
}

const bulk = (bytes: Buffer): string => `$${bytes.length}\r\n${bytes.toString('latin1')}`

/** A server with a key of its own that follows this master from now on. */
async function follower(
  master: PoliteMaster,
  config: Readonly<Record<string, string>> = {},
): Promise<AofWorld> {
  const own = { appendonly: 'no', 'split-brain-file': 'no', ...config }
  const world = new AofWorld({ disk: await freshDisk(), network: master, config: own })
  await world.start()
  await world.ask('SET', 'old', 'kept')
  await world.ask('REPLICAOF', '127.0.0.1', '1')
  return world
}

async function pass(world: AofWorld, ms: number): Promise<void> {
  for (let i = 0; i < ms; i++) await world.turn()
}

describe('what is offered is refused, and the data kept:', () => {
  test.each([
    ['a web server', 'PING', 'HTTP/1.1 400 Bad Request\r\n', /Error reply to PING from master: 'HTTP/],
    ['a line that never ends', 'PING', 'x'.repeat(100_000), /a line without an end/],
    [
      'no place',
      'PSYNC',
      `+FULLRESYNC ${NAME} soon\r\n`,
      /Unexpected reply to PSYNC from master: \+FULLRESYNC/,
    ],
    ['no name', 'PSYNC', '+FULLRESYNC me 1\r\n', /Unexpected reply to PSYNC from master: \+FULLRESYNC me 1/],
    ['going on from nowhere', 'PSYNC', '+CONTINUE\r\n', /Unexpected reply to PSYNC from master: \+CONTINUE/],
    [
      'an error instead of data',
      'PSYNC',
      `${OFFER}-ERR no\r\n`,
      /MASTER aborted replication with an error: ERR no/,
    ],
    ['no length', 'PSYNC', `${OFFER}$many\r\n`, /Bad protocol from MASTER: '\$many'/],
    ['a negative length', 'PSYNC', `${OFFER}$-9\r\n`, /Bad protocol from MASTER: '\$-9'/],
    ['a short mark', 'PSYNC', `${OFFER}$EOF:mm\r\n`, /Bad protocol from MASTER: '\$EOF:mm'/],
    ['no snapshot', 'PSYNC', `${OFFER}${bulk(Buffer.alloc(50, 'x'))}`, /damaged: its checksum is wrong/],
    [
      'half a snapshot',
      'PSYNC',
      `${OFFER}${bulk(SNAPSHOT.subarray(0, 20))}`,
      /damaged: its checksum is wrong/,
    ],
    ['a wrong bit', 'PSYNC', `${OFFER}${bulk(flipped(SNAPSHOT, 18))}`, /damaged: its checksum is wrong/],
  ])('%s', async (_, asked, answer, line) => {
    const master = new PoliteMaster([asked, [answer, null]])
    const world = await follower(master)
    await pass(world, 2500)
    expect(world.lines.join('\n')).toMatch(line)
    expect(await world.ask('GET', 'old')).toBe('kept')
    expect(master.calls).toBe(3)
  })

  test('a snapshot that breaks off', async () => {
    const half = SNAPSHOT.subarray(0, 20).toString('latin1')
    const master = new PoliteMaster(['PSYNC', [`${OFFER}$${SNAPSHOT.length}\r\n${half}`, null]])
    const world = await follower(master)
    await pass(world, 100)
    master.hangUp()
    await pass(world, 1100)
    expect(world.lines).toContain('The master closed the connection')
    expect(await world.ask('GET', 'old')).toBe('kept')
    expect(master.calls).toBe(2)
  })

  test.each([
    ['another mark', `${SNAPSHOT.toString('latin1')}${'x'.repeat(40)}`, /EOF marker is broken/],
    ['a wrong bit', `${flipped(SNAPSHOT, 18).toString('latin1')}${MARK}`, /RDB CRC error/],
  ])('loaded beside the old data, %s', async (_, snapshot, line) => {
    const master = new PoliteMaster(['PSYNC', [`${OFFER}$EOF:${MARK}\r\n${snapshot}`, null]])
    const world = await follower(master, { 'repl-diskless-load': 'swapdb' })
    await pass(world, 1500)
    expect(world.lines.join('\n')).toMatch(line)
    expect(await world.ask('GET', 'old')).toBe('kept')
    expect(master.calls).toBe(2)
  })
})

test('what is whole is taken', async () => {
  const master = new PoliteMaster(['PSYNC', [`${OFFER}${bulk(SNAPSHOT)}`, null]])
  const world = await follower(master)
  await pass(world, 500)
  expect(await world.ask('MGET', 'old', 'new')).toEqual([null, 'new'])
})

test('a stream that makes no sense ends the link; what ran before it stays, and we ask for what comes behind', async () => {
  const master = new PoliteMaster(['PSYNC', [`${OFFER}${bulk(SNAPSHOT)}`, null]])
  const world = await follower(master)
  await pass(world, 500)
  const write = encodeRequest('SET a 1')
  master.heard.length = 0
  master.say(Buffer.concat([write, Buffer.from('*1\r\n!nonsense\r\n')]))
  await pass(world, 100)
  expect(world.lines.at(-1)).toMatch(
    /The stream of the master makes no sense: ERR Protocol error: expected '\$', got '!'/,
  )
  expect(await world.ask('MGET', 'a', 'new')).toEqual(['1', 'new'])
  expect(master.calls).toBe(1)
  await pass(world, 2000)
  expect(master.calls).toBe(2)
  expect(master.heard).toContain(`PSYNC ${NAME} ${101 + write.length}`)
})
