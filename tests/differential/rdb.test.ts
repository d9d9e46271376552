import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeNow } from '../../persistence/rdb/encoder.js'
import { loadRdbNow } from '../../persistence/rdb/load.js'
import { Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { testEngine, type TestEngine } from '../support/engine.js'
import { describeWithOracle, startOracle } from '../support/oracle.js'
import { drawWrite } from '../support/random-writes.js'
import { RawLink } from '../support/raw-link.js'
import type { Line } from '../support/request.js'

/** Files go both ways: what one server has written the other loads, and has the same to say about every key. */

const SEED = Number(process.env.SEED ?? 1)
const WRITES = 4000
const DATABASES = [0, 1, 2]
/** What is left of a time to live differs by the time that the test takes. */
const FAR_AWAY_MS = 100_000

type Ask = (line: Line) => Promise<Buffer>

/** How the values of a type are seen, in an order that does not depend on the encoding. */
const VIEWS: Readonly<Record<string, (key: string) => string[][]>> = {
  string: key => [['GET', key]],
  list: key => [['LRANGE', key, '0', '-1']],
  set: key => [['SORT', key, 'ALPHA']],
  zset: key => [['ZRANGE', key, '0', '-1', 'WITHSCORES']],
  hash: key => [['HGETALL', key]],
  stream: key => [
    ['XRANGE', key, '-', '+'],
    ['XINFO', 'GROUPS', key],
  ],
}

/** Everything that a server has to say about its data, line by line. */
async function inventory(ask: Ask): Promise<string[]> {
  const lines: string[] = []
  for (const index of DATABASES) {
    await ask(['SELECT', index])
    for (const key of wordsIn(await ask(['KEYS', '*'])).sort()) {
      const type = (await ask(['TYPE', key])).toString().slice(1).trim()
      const views: string[][] = [['OBJECT', 'ENCODING', key], ['EXPIRETIME', key], ...VIEWS[type](key)]
      for (const view of views) lines.push(`${index} ${view.join(' ')} ${shown(type, await ask(view))}`)
    }
  }
  return lines
}

/** Fields of a hash come in any order. */
function shown(type: string, reply: Buffer): string {
  const words = wordsIn(reply)
  if (type !== 'hash' || words.length === 0) return reply.toString('latin1')
  const pairs = words.flatMap((word, index) => (index % 2 === 0 ? [`${word}=${words[index + 1]}`] : []))
  return pairs.sort().join(' ')
}

function wordsIn(reply: Buffer): string[] {
  return reply
    .toString('latin1')
    .split('\r\n')
    .filter((_line, index) => index > 0 && index % 2 === 0)
    .filter(word => word !== '')
}

function asking(world: TestEngine): Ask {
  const client = world.client()
  return line => {
    client.send(line)
    return Promise.resolve(client.receive().bytes)
  }
}

function linkTo(link: RawLink): Ask {
  return async line => {
    link.send(line)
    return (await link.receive()).bytes
  }
}

function ours(): TestEngine {
  return testEngine({
    nowMs: Date.now(),
    config: { save: '', 'enable-debug-command': 'yes', databases: '16' },
  })
}

function writes(world: TestEngine): string[][] {
  const random = seededRandom(SEED)
  const since7 = (command: string): boolean => world.engine.table.lookup(Span.of(command)) !== null
  const lines: string[][] = []
  for (let i = 0; i < WRITES; i++) {
    const line = drawWrite(random, since7)
    lines.push(line.map(word => (/^(1|40|500)$/.test(word) && line.includes('PX') ? `${FAR_AWAY_MS}` : word)))
  }
  return lines.filter(line => line[0] !== 'PEXPIRE')
}

describeWithOracle(`RDB files between redis-server and us, seed ${SEED}`, () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'redstart-rdb-'))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('redis-server loads what we have written', async () => {
    const world = ours()
    for (const line of writes(world)) world.client().ask(line)
    const bytes = encodeNow(world.engine)
    writeFileSync(join(folder, 'ours.rdb'), bytes)
    const oracle = await startOracle([
      '--dir',
      folder,
      '--dbfilename',
      'ours.rdb',
      '--enable-debug-command',
      'yes',
    ])
    const link = await RawLink.open(oracle.port)
    try {
      const theirs = await inventory(linkTo(link))
      expect(theirs.length).toBeGreaterThan(100)
      const copy = ours()
      loadRdbNow(copy.engine, 'ours.rdb', bytes)
      expect(theirs).toEqual(await inventory(asking(copy)))
    } finally {
      link.close()
      await oracle.stop()
    }
  })

  test('we load what redis-server has written', async () => {
    const oracle = await startOracle([
      '--dir',
      folder,
      '--dbfilename',
      'theirs.rdb',
      '--enable-debug-command',
      'yes',
    ])
    const link = await RawLink.open(oracle.port)
    const ask = linkTo(link)
    const world = ours()
    try {
      for (const line of writes(world)) await ask(line)
      // Encodings are those of a server that has loaded the file.
      await ask('DEBUG RELOAD')
      const bytes = readFileSync(join(folder, 'theirs.rdb'))
      loadRdbNow(world.engine, 'theirs.rdb', bytes)
      const theirs = await inventory(ask)
      expect(theirs.length).toBeGreaterThan(100)
      expect(await inventory(asking(world))).toEqual(theirs)
      world.audit()
    } finally {
      link.close()
      await oracle.stop()
    }
  })
})
