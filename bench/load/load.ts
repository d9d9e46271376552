import { alternate, type Contender, type Pair, type Runs } from '../contenders.js'
import { Connection } from '../server/connection.js'
import { cpuTime } from '../server/proc.js'
import { Server } from '../server/server.js'
import type { Scale } from '../scale.js'
import { checkCommands } from './check.js'
import type { Driver, Traffic } from './driver.js'
import { pipelines, tests, requestWords, type Job, type Test } from './workload.js'

/** One round of one server. A type, not an interface, so that it counts as a record of figures. */
export type LoadFigures = Traffic & {
  /** The server's CPU, user and system, per request. */
  readonly cpuUs: number
  readonly userUs: number
  readonly systemUs: number
}

export interface LoadRow {
  readonly test: Test
  readonly pipeline: number
  readonly runs: Runs<LoadFigures>
}

export const CLIENTS = 50
export const KEYSPACE = 100_000

/** MSET sets ten keys per request, and what it is judged by is the same CPU clock of 10 ms ticks. */
const MSET_SHARE = 0.25

/**
 * Two servers side by side, one cell of the table after another, the servers in turn. What is judged is the CPU
 * that the server's process spends on a request: on a shared machine requests/s move by tens of percent with the
 * neighbours, CPU per request by a few.
 */
export async function measureLoad(
  contenders: Pair<Contender>,
  drive: Driver,
  scale: Scale,
  show: (row: LoadRow) => void,
): Promise<LoadRow[]> {
  await using subject = await Server.start(contenders.subject)
  await using reference = contenders.reference && (await Server.start(contenders.reference))
  await alternate({ subject, reference }, 1, server => warmUp(server, drive, scale))
  const rows: LoadRow[] = []
  for (const { test, pipeline, job } of cells(scale)) {
    const runs = await alternate({ subject, reference }, scale.rounds, server =>
      measureJob(server, drive, job),
    )
    const row = { test, pipeline, runs }
    rows.push(row)
    show(row)
  }
  return rows
}

/** A compiler that learns while it runs needs to have seen each command; and GET needs keys to find. */
async function warmUp({ port }: Server, drive: Driver, scale: Scale): Promise<void> {
  const connection = await Connection.open(port)
  await checkCommands(connection)
  connection.close()
  for (const test of tests) await drive(port, jobOf(test, 16, scale.warmUpRequests))
}

function cells(scale: Scale): { test: Test; pipeline: number; job: Job }[] {
  return pipelines.flatMap(pipeline => {
    const requests = pipeline === 1 ? scale.singleRequests : scale.pipelinedRequests
    return tests.map(test => ({ test, pipeline, job: jobOf(test, pipeline, requests) }))
  })
}

function jobOf(test: Test, pipeline: number, requests: number): Job {
  const share = test === 'mset' ? MSET_SHARE : 1
  return {
    words: requestWords(test),
    pipeline,
    requests: requests * share,
    clients: CLIENTS,
    keyspace: KEYSPACE,
  }
}

export async function measureJob({ port, pid }: Server, drive: Driver, job: Job): Promise<LoadFigures> {
  const before = cpuTime(pid)
  const traffic = await drive(port, job)
  const after = cpuTime(pid)
  const userUs = (after.userUs - before.userUs) / traffic.requests
  const systemUs = (after.systemUs - before.systemUs) / traffic.requests
  return { ...traffic, cpuUs: userUs + systemUs, userUs, systemUs }
}
