import { Command } from 'commander'
import { parseTrace, summarize, type Collection } from './gc/trace.js'
import { availableDriver } from './load/drivers.js'
import { requestWords, type Job, type Test } from './load/workload.js'
import { countOf, wordsOf } from './options.js'
import { fixed, grouped } from './report/format.js'
import { markdownTable } from './report/table.js'
import { subject } from './server/known.js'
import { Server } from './server/server.js'

/**
 * `npm run bench:gc`: does serving make garbage? Ten million pipelined SETs and GETs under `node --trace-gc`.
 * Nothing is allocated per command, so what remains is what the sockets allocate per turn of the event loop: few
 * scavenges, each short, and no mark-compact that grows with the number of keys.
 */
interface Options {
  readonly requests: number
  readonly server?: readonly string[]
}

function parseOptions(argv: readonly string[]): Options {
  return new Command('bench:gc')
    .description('Counts the garbage collections of redstart (build it first) under load.')
    .option('--requests <count>', 'half of them SET, half GET', countOf, 10_000_000)
    .option('--server <command>', 'measure this instead, e.g. "node --trace-gc server.js"', wordsOf)
    .allowExcessArguments(false)
    .parse(argv, { from: 'user' })
    .opts<Options>()
}

async function main({ requests, server: command }: Options): Promise<void> {
  await using server = await Server.start(subject(command, ['--trace-gc']))
  await load(server, 'set', requests / 50)
  const warm = server.output.length
  await load(server, 'set', requests / 2)
  await load(server, 'get', requests / 2)
  print(requests, parseTrace(server.output.slice(warm)))
}

async function load({ port }: Server, test: Test, requests: number): Promise<void> {
  const shape = { pipeline: 64, clients: 50, keyspace: 100_000 }
  const job: Job = { ...shape, words: requestWords(test), requests: Math.ceil(requests) }
  await availableDriver().drive(port, job)
}

function print(requests: number, collections: readonly Collection[]): void {
  const kinds: readonly Collection['kind'][] = ['scavenge', 'mark-compact']
  const rows = kinds.map(kind => {
    const { count, longestMs, totalMs } = summarize(collections, kind)
    return [kind, grouped(count), fixed(longestMs, 2), fixed(totalMs, 1)]
  })
  console.log(`${grouped(requests)} requests in pipelines of 64, after a warm-up:\n`)
  console.log(markdownTable(['collection', 'count', 'longest pause ms', 'pauses together ms'], rows))
}

try {
  await main(parseOptions(process.argv.slice(2)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
