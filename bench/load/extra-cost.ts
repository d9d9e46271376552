import { alternate, type Contender } from '../contenders.js'
import type { Scale } from '../scale.js'
import { Server } from '../server/server.js'
import { median } from '../statistics.js'
import type { Driver } from './driver.js'
import { CLIENTS, KEYSPACE, measureJob } from './load.js'
import { type Job, requestWords } from './workload.js'

/** What it costs a SET that its server does something besides: CPU per SET at P16, us, and how many times that is. */
export type ExtraCost = {
  readonly withoutUs: number
  readonly withUs: number
  readonly ratio: number
}

const PIPELINE = 16

/** Two servers of a kind, in turn: one as it is, one with `options`, to which `add` does what is to be measured. */
export async function measureExtraCost(
  contender: Contender,
  drive: Driver,
  { rounds, pipelinedRequests, warmUpRequests }: Scale,
  options: readonly string[],
  add?: (server: Server) => Promise<Disposable>,
): Promise<ExtraCost> {
  await using plain = await Server.start(contender)
  await using laden = await Server.start(contender, options)
  using _added = await add?.(laden)
  const pair = { subject: plain, reference: laden }
  await alternate(pair, 1, ({ port }) => drive(port, setJob(PIPELINE, warmUpRequests * 2)))
  const job = setJob(PIPELINE, pipelinedRequests)
  const runs = await alternate(pair, rounds, server => measureJob(server, drive, job))
  const [withoutUs, withUs] = [runs.subject, runs.reference].map(side =>
    median(side.map(({ cpuUs }) => cpuUs)),
  )
  return { withoutUs, withUs, ratio: withUs / withoutUs }
}

export function setJob(pipeline: number, requests: number): Job {
  return { words: requestWords('set'), pipeline, requests, clients: CLIENTS, keyspace: KEYSPACE }
}
