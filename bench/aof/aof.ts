import { alternate, type Contender, type Pair, type Runs } from '../contenders.js'
import type { Driver } from '../load/driver.js'
import { type ExtraCost, measureExtraCost, setJob } from '../load/extra-cost.js'
import { insertKeys } from '../load/inserts.js'
import { type LoadFigures, measureJob } from '../load/load.js'
import type { Scale } from '../scale.js'
import { Server } from '../server/server.js'

/** A server that starts on a log of SETs. */
export type ReplayFigures = {
  readonly seconds: number
  readonly keysPerSecond: number
}

export interface Aof {
  /** SETs that are logged, with `appendfsync everysec`. */
  readonly logged: Runs<ExtraCost>
  /** SETs one by one, each of them safe on disk when it is answered. */
  readonly always: Runs<LoadFigures>
  readonly keys: number
  readonly replay: Runs<ReplayFigures>
}

/** A rewrite in the middle of it would be measured as well. */
const LOGGED = ['--appendonly', 'yes', '--auto-aof-rewrite-percentage', '0']
const ALWAYS = [...LOGGED, '--appendfsync', 'always']

export async function measureAof(contenders: Pair<Contender>, drive: Driver, scale: Scale): Promise<Aof> {
  const { rounds, replayKeys: keys } = scale
  return {
    logged: await alternate(contenders, 1, contender => measureExtraCost(contender, drive, scale, LOGGED)),
    always: await measureAlways(contenders, drive, scale),
    keys,
    replay: await alternate(contenders, rounds, contender => measureReplay(contender, keys)),
  }
}

async function measureAlways(
  contenders: Pair<Contender>,
  drive: Driver,
  { rounds, singleRequests, warmUpRequests }: Scale,
): Promise<Runs<LoadFigures>> {
  await using subject = await Server.start(contenders.subject, ALWAYS)
  await using reference = contenders.reference && (await Server.start(contenders.reference, ALWAYS))
  const pair = { subject, reference }
  await alternate(pair, 1, ({ port }) => drive(port, setJob(1, warmUpRequests / 2)))
  return await alternate(pair, rounds, server => measureJob(server, drive, setJob(1, singleRequests)))
}

async function measureReplay(contender: Contender, keys: number): Promise<ReplayFigures> {
  await using server = await Server.start(contender, LOGGED)
  const inserted = await insertKeys(server.port, keys)
  await server.end()
  await using again = await Server.start(contender, [...LOGGED, '--dir', server.directory])
  const found = await again.call('DBSIZE')
  if (found !== inserted) throw new Error(`${again.name} found ${String(found)} of ${inserted} keys`)
  const seconds = Number(/DB loaded from append only file: ([\d.]+) seconds/.exec(again.output)?.[1] ?? NaN)
  return { seconds, keysPerSecond: inserted / seconds }
}
