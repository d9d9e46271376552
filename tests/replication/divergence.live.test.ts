import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeWithOracle } from '../support/oracle.js'
import { Node } from './nodes.js'

/**
 * Where the replicas and the append-only file of Redis hold something else than their master, ours do not: after each
 * of these the master, a replica of ours, a replica of Redis and the reloaded file hold the same. `replies`: what the
 * commands answer, which is what Redis answers.
 */

interface Divergence {
  readonly name: string
  readonly commands: readonly (readonly (string | number)[])[]
  readonly replies: readonly unknown[]
}

const PATIENCE = { timeout: 10_000, interval: 20 }
const STREAM = [
  ['XADD', 's', '1-1', 'f', 'v'],
  ['XADD', 's', '2-1', 'f', 'v'],
  ['XGROUP', 'CREATE', 's', 'g', '0'],
] as const
const MADE = ['1-1', '2-1', 'OK']
const entry = (id: string): unknown => [id, ['f', 'v']]

/** Of its 16,384 registers it has 8,064: some elements find theirs before one does not. */
const HALF_A_LOG = `HYLL\u0001${'\0'.repeat(11)}\u005f\u007f`

const divergences: readonly Divergence[] = [
  {
    name: 'BITFIELD OVERFLOW FAIL creates a string and answers that it did nothing (redis#15599)',
    commands: [['BITFIELD', 'b', 'OVERFLOW', 'FAIL', 'SET', 'u2', 100, 4]],
    replies: [[null]],
  },
  {
    name: 'BITFIELD OVERFLOW FAIL makes a string longer and answers that it did nothing (redis#15599)',
    commands: [
      ['SET', 'b', 'ab'],
      ['BITFIELD', 'b', 'OVERFLOW', 'FAIL', 'INCRBY', 'u2', 100, 4],
    ],
    replies: ['OK', [null]],
  },
  {
    name: 'XREADGROUP makes a consumer and delivers nothing (redis#14963)',
    commands: [
      ['XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM'],
      ['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 's', '>'],
    ],
    replies: ['OK', null],
  },
  {
    name: 'XREADGROUP counts what a group has read, and its lag (redis#12898)',
    commands: [...STREAM, ['XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', 1, 'STREAMS', 's', '>']],
    replies: [...MADE, ['s', [entry('1-1')]]],
  },
  {
    name: 'XREADGROUP NOACK counts what a group has read, and its lag (redis#12898)',
    commands: [...STREAM, ['XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', 1, 'NOACK', 'STREAMS', 's', '>']],
    replies: [...MADE, ['s', [entry('1-1')]]],
  },
  {
    name: 'XREADGROUP reads what a consumer has pending, and counts it as another delivery',
    commands: [
      ...STREAM,
      ['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 's', '>'],
      ['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 's', '0'],
      ['XPENDING', 's', 'g', '-', '+', 1],
    ],
    replies: [
      ...MADE,
      ['s', [entry('1-1'), entry('2-1')]],
      ['s', [entry('1-1'), entry('2-1')]],
      [['1-1', 'c', expect.any(Number), 2]],
    ],
  },
  {
    name: 'PFADD on a corrupt HyperLogLog fails',
    commands: [
      ['SET', 'h', HALF_A_LOG],
      ['PFADD', 'h', ...'a b c d e f g h i j k l m n o p q r s t'.split(' ')],
    ],
    replies: ['OK', expect.stringMatching(/^INVALIDOBJ/)],
  },
  {
    name: 'PFMERGE from a corrupt HyperLogLog fails',
    commands: [
      ['PFADD', 'k', 'x', 'y'],
      ['SET', 'h', HALF_A_LOG],
      ['PFMERGE', 'k', 'h'],
    ],
    replies: [1, 'OK', expect.stringMatching(/^INVALIDOBJ/)],
  },
]

let folder = ''
let master: Node
let replicas: Node[] = []

describeWithOracle('nothing diverges when', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'redstart-divergence-'))
    master = await Node.start('redstart', { dir: folder, appendonly: 'yes', appendfsync: 'always' })
    replicas = [await Node.start('redstart'), await Node.start('redis')]
    for (const replica of replicas) await replica.follow(master)
  })

  afterAll(async () => {
    for (const node of [...replicas, master]) await node.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  beforeEach(() => master.ask('FLUSHALL'))

  test.each(divergences)('$name', async ({ commands, replies }) => {
    const heard: unknown[] = []
    for (const command of commands) {
      heard.push(await master.ask(...command).catch((error: unknown) => (error as Error).message))
    }
    expect(heard).toEqual(replies)
    const wanted = await master.contents(true)
    for (const replica of replicas) {
      await expect.poll(() => replica.offset(), PATIENCE).toBe(await master.offset())
      expect(await replica.contents(true)).toEqual(wanted)
    }
    await master.ask('SELECT', 0)
    await master.ask('DEBUG', 'LOADAOF')
    expect(await master.contents(true)).toEqual(wanted)
  })
})
