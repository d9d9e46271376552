import { alternate, type Contender, type Pair, type Runs } from '../contenders.js'
import type { Driver } from '../load/driver.js'
import { insertAll } from '../load/inserts.js'
import { CLIENTS, KEYSPACE, type LoadFigures, measureJob } from '../load/load.js'
import type { Job } from '../load/workload.js'
import type { Scale } from '../scale.js'
import { Connection } from '../server/connection.js'
import { Server } from '../server/server.js'
import { checkTypes } from './check.js'
import { typeLoads, type TypeLoad } from './loads.js'

export interface TypeRow {
  readonly name: string
  readonly limit: number
  readonly pipeline: number
  readonly runs: Runs<LoadFigures>
}

/** Unpipelined requests measure the network, which `load` does already. */
const PIPELINES = [16, 64]

/** The CPU that a request of each collection type costs both servers, in turn, each round from an empty server on. */
export async function measureTypes(
  contenders: Pair<Contender>,
  drive: Driver,
  scale: Scale,
  show: (row: TypeRow) => void,
): Promise<TypeRow[]> {
  await using subject = await Server.start(contenders.subject)
  await using reference = contenders.reference && (await Server.start(contenders.reference))
  await alternate({ subject, reference }, 1, server => warmUp(server, drive, scale))
  const rows: TypeRow[] = []
  for (const pipeline of PIPELINES) {
    for (const load of typeLoads) {
      const job = jobOf(load, pipeline, scale.typeRequests)
      const runs = await alternate({ subject, reference }, scale.rounds, server =>
        measure(server, drive, load, job),
      )
      const row = { name: load.name, limit: load.limit, pipeline, runs }
      rows.push(row)
      show(row)
    }
  }
  return rows
}

async function warmUp(server: Server, drive: Driver, scale: Scale): Promise<void> {
  const connection = await Connection.open(server.port)
  await checkTypes(connection)
  connection.close()
  for (const load of typeLoads) await measure(server, drive, load, jobOf(load, 16, scale.warmUpRequests))
}

function jobOf(load: TypeLoad, pipeline: number, requests: number): Job {
  const { words, others, share = 1, keyspace = KEYSPACE } = load
  const clients = keyspace === 'counted' ? 1 : CLIENTS
  return { words, others, pipeline, requests: requests * share, clients, keyspace }
}

async function measure(server: Server, drive: Driver, load: TypeLoad, job: Job): Promise<LoadFigures> {
  await empty(server)
  await insertAll(server.port, load.before ?? [], job.requests)
  return measureJob(server, drive, job)
}

async function empty({ port }: Server): Promise<void> {
  const connection = await Connection.open(port)
  await connection.call('FLUSHALL', 'SYNC')
  connection.close()
}
