import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeWithOracle } from '../support/oracle.js'
import { splitReplies } from '../support/reply.js'
import { lineOf } from '../support/request.js'
import { eventually } from './eventually.js'
import { type Make, Node } from './nodes.js'

/** A master that was demoted keeps what its new master never saw. */

let folder = ''
let old: Node
let promoted: Node

const files = (): string[] => readdirSync(folder).filter(name => name.startsWith('split-brain-'))

/** The first line of a file, and its commands. */
function read(name: string): { heading: string; lines: string[] } {
  const bytes = readFileSync(join(folder, name))
  const begin = bytes.indexOf('*')
  const { replies } = splitReplies(bytes.subarray(begin))
  return {
    heading: bytes.toString('latin1', 0, begin),
    lines: replies.map(({ value }) => lineOf(value as string[])),
  }
}

async function start(make: Make): Promise<void> {
  old = await Node.start('redstart', { dir: folder })
  promoted = await Node.start(make)
  await old.ask('SET', 'before', 1)
  await promoted.follow(old)
  await old.ask('SET', 'seen', 1)
  await eventually(() => promoted.ask('GET', 'seen'), '1')
}

/** The replica is promoted, and both write. */
async function part(): Promise<void> {
  await promoted.ask('REPLICAOF', 'NO', 'ONE')
  await eventually(() => old.field('replication', 'connected_slaves'), '0')
  await promoted.ask('SET', 'theirs', 1)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redstart-split-'))
})

afterEach(async () => {
  await old.stop()
  await promoted.stop()
  rmSync(folder, { recursive: true, force: true })
})

describeWithOracle('a master that is demoted', () => {
  test.each<Make>(['redstart', 'redis'])('keeps its unseen writes, the new master a %s', async make => {
    await start(make)
    await part()
    await old.ask('SET', 'lost', 1)
    await old.ask('SELECT', 2)
    await old.client.multi().set('lost', '2').incr('lost').exec()
    await old.ask('PUBLISH', 'nobody', 'hears')
    await old.follow(promoted)
    const [name, ...others] = files()
    expect(others).toEqual([])
    const { heading, lines } = read(name)
    expect(heading).toMatch(
      /^#SPLIT-BRAIN replid=\w{40} from=\d+ to=\d+ missing=0 master=127\.0\.0\.1:\d+ master-replid=\w{40}\r\n#TS:\d+\r\n$/,
    )
    const unit = ['MULTI', 'set lost 2', 'incr lost', 'EXEC']
    expect(lines).toEqual(['SELECT 0', 'SET lost 1', 'SELECT 2', ...unit])
    expect(await old.field('replication', 'split_brain_files')).toBe('1')
    expect(await old.field('replication', 'split_brain_writes')).toBe('3')
    expect(await old.field('replication', 'split_brain_last_file')).toBe(name)
    await old.ask('SELECT', 0)
    expect(await old.ask('MGET', 'seen', 'lost', 'theirs')).toEqual(['1', null, '1'])
  })

  test('and wrote nothing meanwhile goes on where it is, and keeps nothing', async () => {
    await start('redstart')
    await part()
    await old.follow(promoted)
    expect(files()).toEqual([])
    expect(await promoted.synchronizations()).toEqual([0, 1])
    expect(await old.ask('MGET', 'seen', 'theirs')).toEqual(['1', '1'])
  })

  test('keeps nothing where it is told so', async () => {
    await start('redstart')
    await old.ask('CONFIG', 'SET', 'split-brain-file', 'no')
    await part()
    await old.ask('SET', 'lost', 1)
    await old.follow(promoted)
    expect(files()).toEqual([])
  })

  test('says how much the backlog has dropped', async () => {
    await start('redstart')
    await old.ask('CONFIG', 'SET', 'repl-backlog-size', 20_000)
    await part()
    for (let i = 0; i < 300; i++) await old.ask('SET', `lost:${i}`, 'x'.repeat(10_000))
    await old.follow(promoted)
    const { heading, lines } = read(files()[0])
    const missing = Number(/missing=(\d+)/.exec(heading)![1])
    const kept = lines.filter(line => line.startsWith('SET lost:')).length
    expect(missing).toBeGreaterThan(100_000)
    expect(kept).toBeGreaterThan(0)
    expect(await old.field('replication', 'split_brain_writes')).toBe(String(kept))
  })

  test('keeps its data as long as what is unseen cannot be put aside', async () => {
    await start('redstart')
    await part()
    await old.ask('SET', 'lost', 1)
    rmSync(folder, { recursive: true })
    await old.ask('REPLICAOF', '127.0.0.1', promoted.port)
    // It has asked twice, and did not take what it was offered.
    await expect.poll(async () => (await promoted.synchronizations())[0], { timeout: 10_000 }).toBe(2)
    expect(await old.ask('GET', 'lost')).toBe('1')
    await old.ask('CONFIG', 'SET', 'split-brain-file', 'no')
    await old.ask('CONFIG', 'SET', 'repl-diskless-load', 'swapdb')
    await eventually(() => old.field('replication', 'master_link_status'), 'up')
    expect(await old.ask('GET', 'lost')).toBe(null)
  })
})
