import { setTimeout as sleep } from 'node:timers/promises'
import { alternate, type Contender, type Pair, type Runs } from '../contenders.js'
import { pingDuring, type PingReport } from '../growth/pinger.js'
import { HOLE } from '../load/batch.js'
import { insertMany } from '../load/inserts.js'
import type { Scale } from '../scale.js'
import { Connection } from '../server/connection.js'
import { infoField } from '../server/info.js'
import { starvedMs } from '../server/proc.js'
import { Server } from '../server/server.js'

/** Something done to a big collection while others want to be answered. */
interface Deed {
  readonly name: string
  readonly fill: readonly string[]
  readonly command: readonly string[]
}

export type StallFigures = PingReport & {
  /** As with growth: how long the server was kept from the processor by others. */
  readonly starvedMs: number
}

export interface StallRow {
  readonly name: string
  readonly elements: number
  readonly runs: Runs<StallFigures>
}

/** Elements that one filling command adds. */
const AT_ONCE = 10
const collections: Readonly<Record<string, readonly string[]>> = {
  list: ['RPUSH', 'big', ...repeated([`element:${HOLE}`])],
  set: ['SADD', 'big', ...repeated([`element:${HOLE}`])],
  hash: ['HSET', 'big', ...repeated([`element:${HOLE}`, 'VXK'])],
}
const deeds: readonly Deed[] = Object.entries(collections).flatMap(([type, fill]) => [
  { name: `DEL of a ${type}`, fill, command: ['DEL', 'big'] },
  { name: `UNLINK of a ${type}`, fill, command: ['UNLINK', 'big'] },
  { name: `FLUSHALL ASYNC of a ${type}`, fill, command: ['FLUSHALL', 'ASYNC'] },
])

const POLL_MS = 20

/** How long others wait while a collection of millions dies: a PING every millisecond until its memory is free. */
export async function measureStalls(
  contenders: Pair<Contender>,
  { stallElements: elements }: Scale,
  show: (row: StallRow) => void,
): Promise<StallRow[]> {
  const rows: StallRow[] = []
  for (const deed of deeds) {
    const runs = await alternate(contenders, 1, contender => stall(contender, deed, elements))
    const row = { name: deed.name, elements, runs }
    rows.push(row)
    show(row)
  }
  return rows
}

async function stall(contender: Contender, { fill, command }: Deed, elements: number): Promise<StallFigures> {
  await using server = await Server.start(contender)
  await insertMany(server.port, fill, elements / AT_ONCE)
  const starvedBefore = starvedMs(server.pid)
  const connection = await Connection.open(server.port)
  const pings = await pingDuring(server.port, async () => {
    await sleep(POLL_MS)
    await connection.call(...command)
    while (Number(await pendingObjects(connection)) > 0) await sleep(POLL_MS)
  })
  connection.close()
  return { ...pings, starvedMs: starvedMs(server.pid) - starvedBefore }
}

async function pendingObjects(connection: Connection): Promise<string | null> {
  return infoField(String(await connection.call('INFO', 'memory')), 'lazyfree_pending_objects')
}

function repeated(words: readonly string[]): string[] {
  return Array.from({ length: AT_ONCE }, () => words).flat()
}
