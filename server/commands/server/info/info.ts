/**
 * INFO: what there is to know about a running server, as `name:value` lines under `# Section` headings.
 *
 * Sections are rows that rooms bring (see Part). Several rows may have one name: the later adds its fields to the
 * earlier, and replaces those of the same name, so that a room can say more of what it knows better.
 */

import { command } from '../../../engine/command.js'
import type { Engine } from '../../../engine/engine.js'
import { repeated, text } from '../../../engine/grammar.js'
import type { InfoField, InfoSection } from '../../../engine/part.js'

/** Where tools expect the sections; those that are not here follow. */
const ORDER = [
  'server',
  'clients',
  'memory',
  'persistence',
  'stats',
  'replication',
  'cpu',
  'modules',
  'commandstats',
  'errorstats',
  'latencystats',
  'sentinel',
  'cluster',
  'keyspace',
]

export const info = command('INFO', {
  does: 'Tells about the server and its figures.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  acl: ['dangerous'],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  args: { sections: repeated(text(), 0) },
  run(ctx, { sections }) {
    ctx.reply.verbatim('txt', infoText(ctx.engine, sections))
  },
})

/** The sections asked for, in the order of the server; without any, the default ones. */
export function infoText(engine: Engine, asked: readonly string[] = []): string {
  const wanted = wantedBy(asked.map(name => name.toLowerCase()))
  const sections = [...new Set(engine.infoSections.filter(wanted).map(({ name }) => name))]
  return sections
    .sort((a, b) => place(a) - place(b))
    .map(name => sectionText(engine, name))
    .join('\r\n')
}

function wantedBy(asked: readonly string[]): (section: InfoSection) => boolean {
  if (asked.includes('everything')) return () => true
  const names = new Set(asked)
  const all = names.has('all')
  const usual = asked.length === 0 || names.has('default')
  return section =>
    names.has(section.name) || (all && section.name !== 'modules') || (usual && section.default)
}

function place(name: string): number {
  const index = ORDER.indexOf(name)
  return index < 0 ? ORDER.length : index
}

function sectionText(engine: Engine, name: string): string {
  const fields = new Map<string, InfoField[1]>()
  for (const section of engine.infoSections) {
    if (section.name === name) for (const [field, value] of section.fields(engine)) fields.set(field, value)
  }
  const lines = [...fields].map(([field, value]) => `${field}:${value}\r\n`)
  return `# ${heading(name)}\r\n${lines.join('')}`
}

/** Short names are abbreviations. */
function heading(name: string): string {
  return name.length <= 3 ? name.toUpperCase() : name[0].toUpperCase() + name.slice(1)
}
