import { setTimeout as sleep } from 'node:timers/promises'
import { alternate, type Contender, type Pair, type Runs } from '../contenders.js'
import { checkKeys } from '../load/check.js'
import { insertAll, insertKeys } from '../load/inserts.js'
import type { Scale } from '../scale.js'
import { Connection } from '../server/connection.js'
import { infoField } from '../server/info.js'
import { residentBytes } from '../server/proc.js'
import { Server } from '../server/server.js'
import { collections } from './collections.js'

/** What one key costs. A type, not an interface, so that it counts as a record of figures. */
export type MemoryFigures = {
  /** By the server's own account: the growth of `used_memory` of INFO. */
  readonly usedBytes: number
  /** By the system's: the growth of VmRSS. */
  readonly residentBytes: number
}

export interface MemoryRow {
  readonly name: string
  readonly kind: 'strings' | 'collections'
  /** Keys, or elements of one key: what the bytes are divided by. */
  readonly keys: number
  readonly runs: Runs<MemoryFigures>
}

interface Content {
  readonly name: string
  readonly kind: MemoryRow['kind']
  readonly fill: (server: Server, keys: number) => Promise<unknown>
}

const contents: readonly Content[] = [
  { name: 'DEBUG POPULATE, 16-byte values', kind: 'strings', fill: populate },
  {
    name: 'SET, 16-byte keys, 8-byte values',
    kind: 'strings',
    fill: ({ port }, keys) => insertKeys(port, keys),
  },
  ...collections.map(({ name, fillings }): Content => ({
    name,
    kind: 'collections',
    fill: ({ port }, keys) => insertAll(port, fillings, keys),
  })),
]

const SETTLE_POLL_MS = 250
const SETTLE_POLLS_MAX = 40
const SETTLED_SHARE = 0.001

/** Fills fresh servers with small strings and with collections, and weighs them before and after. */
export async function measureMemory(
  contenders: Pair<Contender>,
  { rounds, memoryKeys: keys }: Scale,
  show: (row: MemoryRow) => void,
): Promise<MemoryRow[]> {
  const rows: MemoryRow[] = []
  for (const content of contents) {
    const runs = await alternate(contenders, rounds, contender => weigh(contender, content, keys))
    const row = { name: content.name, kind: content.kind, keys, runs }
    rows.push(row)
    show(row)
  }
  return rows
}

async function weigh(contender: Contender, { fill }: Content, keys: number): Promise<MemoryFigures> {
  await using server = await Server.start(contender, ['--enable-debug-command', 'yes'])
  const before = await settledMemory(server)
  await fill(server, keys)
  const after = await settledMemory(server)
  return {
    usedBytes: (after.usedBytes - before.usedBytes) / keys,
    residentBytes: (after.residentBytes - before.residentBytes) / keys,
  }
}

async function populate({ port }: Server, keys: number): Promise<void> {
  const connection = await Connection.open(port)
  await connection.call('DEBUG', 'POPULATE', `${keys}`, 'key', '16')
  await checkKeys(connection, keys)
  connection.close()
}

/** A server may still be moving a table or giving memory back: waits until two looks agree. */
async function settledMemory(server: Server): Promise<MemoryFigures> {
  let last = await memoryOf(server)
  for (let poll = 0; poll < SETTLE_POLLS_MAX; poll++) {
    await sleep(SETTLE_POLL_MS)
    const now = await memoryOf(server)
    if (agree(now.usedBytes, last.usedBytes) && agree(now.residentBytes, last.residentBytes)) return now
    last = now
  }
  throw new Error(`the memory of ${server.name} does not come to rest`)
}

function agree(a: number, b: number): boolean {
  return Math.abs(a - b) <= b * SETTLED_SHARE
}

async function memoryOf({ port, pid, name }: Server): Promise<MemoryFigures> {
  const connection = await Connection.open(port)
  const used = infoField(String(await connection.call('INFO', 'memory')), 'used_memory')
  connection.close()
  if (used === null) throw new Error(`INFO of ${name} has no used_memory`)
  return { usedBytes: Number(used), residentBytes: residentBytes(pid) }
}
