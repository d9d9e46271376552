/** LATENCY: what took long (the latency monitor), and how long commands take in general (their histograms). */

import { container, subcommand } from '../../engine/command.js'
import { repeated, text } from '../../engine/grammar.js'
import type { LatencySample } from '../../engine/latency-monitor.js'
import type { CommandTable, TableEntry } from '../../engine/table.js'
import { noSamples } from '../../resp/errors.js'
import type { ReplyWriter } from '../../resp/reply.js'
import { help } from '../help.js'
import { diagnosis } from './latency-doctor.js'
import { latencyGraph } from './latency-graph.js'

const common = { group: 'server', flags: ['admin', 'noscript', 'loading', 'stale'] } as const
const tips = ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special']

const latest = subcommand('LATEST', {
  ...common,
  does: 'Returns the latest spike of every event, and its worst.',
  since: '2.8.13',
  complexity: 'O(1)',
  tips,
  run({ reply, engine }) {
    reply.array(engine.latency.events.size)
    for (const [name, { samples, max }] of engine.latency.events) {
      const { at, milliseconds } = samples[samples.length - 1]
      reply.array(4)
      reply.text(name)
      reply.int(at)
      reply.int(milliseconds)
      reply.int(max)
    }
  },
})

const history = subcommand('HISTORY', {
  ...common,
  does: 'Returns time and milliseconds of the spikes of an event.',
  since: '2.8.13',
  complexity: 'O(1)',
  tips,
  args: { event: text() },
  run({ reply, engine }, { event }) {
    const samples = engine.latency.events.get(event)?.samples ?? []
    reply.array(samples.length)
    for (const sample of samples) replySample(reply, sample)
  },
})

const graph = subcommand('GRAPH', {
  ...common,
  does: 'Draws the spikes of an event.',
  since: '2.8.13',
  complexity: 'O(1)',
  tips,
  args: { event: text() },
  run({ reply, engine, now }, { event }) {
    const known = engine.latency.events.get(event)
    if (known === undefined) throw noSamples(event)
    reply.verbatim('txt', latencyGraph(event, known, Math.floor(now / 1000)))
  },
})

const reset = subcommand('RESET', {
  ...common,
  does: 'Forgets the spikes of these events, or of all.',
  since: '2.8.13',
  complexity: 'O(1)',
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum'],
  args: { event: repeated(text(), 0) },
  run({ reply, engine }, { event }) {
    reply.int(engine.latency.reset(event))
  },
})

const histogram = subcommand('HISTOGRAM', {
  ...common,
  does: 'Returns how many calls of commands took up to how many microseconds.',
  since: '7.0.0',
  complexity: 'O(N) where N is the number of commands with latency information being retrieved.',
  tips,
  args: { command: repeated(text(), 0) },
  run({ reply, engine }, { command }) {
    const measured = entriesNamed(engine.table, command).filter(({ stats }) => stats.histogram !== null)
    reply.map(measured.length)
    for (const entry of measured) replyHistogram(reply, entry)
  },
})

const doctor = subcommand('DOCTOR', {
  ...common,
  does: 'Reports on the spikes, with advice.',
  since: '2.8.13',
  complexity: 'O(1)',
  tips,
  run({ reply, engine }) {
    reply.verbatim('txt', diagnosis(engine))
  },
})

export const latency = container(
  'LATENCY',
  {
    does: 'Commands about what took long.',
    since: '2.8.13',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  [latest, history, graph, reset, histogram, doctor, help('server', '2.8.13')],
)

/** A container stands for its subcommands. Names that nobody has are passed over. */
function entriesNamed(table: CommandTable, names: readonly string[]): TableEntry[] {
  if (names.length === 0) return [...table.all()]
  return names.flatMap(name => {
    const entry = table.get(name)
    return entry === null ? [] : [entry, ...entry.subcommands.values()]
  })
}

function replySample(reply: ReplyWriter, { at, milliseconds }: LatencySample): void {
  reply.array(2)
  reply.int(at)
  reply.int(milliseconds)
}

function replyHistogram(reply: ReplyWriter, { command, stats: { histogram } }: TableEntry): void {
  const steps = histogram?.cumulative() ?? []
  reply.text(command.fullName)
  reply.map(2)
  reply.text('calls')
  reply.int(histogram?.count ?? 0)
  reply.text('histogram_usec')
  reply.map(steps.length)
  for (const [microseconds, calls] of steps) {
    reply.int(microseconds)
    reply.int(calls)
  }
}
