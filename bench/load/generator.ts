import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { latencyOf } from '../latency.js'
import { Connection, encodeCommand } from '../server/connection.js'
import { Batch } from './batch.js'
import type { Traffic } from './driver.js'
import type { Job } from './workload.js'

/**
 * Our own load, for machines without redis-benchmark. A generator in JavaScript is slower than most servers it
 * drives, so its requests/s say as much about itself; the server's CPU per request and the ratio of two servers
 * stay meaningful.
 */
export async function generate(port: number, job: Job): Promise<Traffic> {
  const histogram = createHistogram()
  const perClient = Math.ceil(job.requests / job.pipeline / job.clients)
  const clients = await Promise.all(Array.from({ length: job.clients }, () => Connection.open(port)))
  const started = performance.now()
  const next = numbersOf(job)
  await Promise.all(clients.map(client => drive(client, job, perClient, next, histogram)))
  const seconds = (performance.now() - started) / 1000
  for (const client of clients) client.close()
  const requests = perClient * job.clients * job.pipeline
  return { ...latencyOf(histogram), requests, requestsPerSecond: requests / seconds }
}

/** A request of a batch counts from the sending of its batch, as in redis-benchmark. */
async function drive(
  client: Connection,
  job: Job,
  batches: number,
  next: () => number,
  latency: RecordableHistogram,
): Promise<void> {
  const batch = new Batch([job.words, ...(job.others ?? [])].map(encodeCommand), job.pipeline)
  for (let i = 0; i < batches; i++) {
    batch.fill(next)
    const sent = performance.now()
    await client.send(batch.bytes, batch.requests)
    latency.record(Math.ceil((performance.now() - sent) * 1e6))
  }
}

/** What the holes get. Counted numbers go to whichever client asks next. */
function numbersOf({ keyspace }: Job): () => number {
  let count = 0
  return keyspace === 'counted' ? () => count++ : () => Math.floor(Math.random() * keyspace)
}
