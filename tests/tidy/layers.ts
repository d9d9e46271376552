import { importsOf, targetOf } from './imports.js'
import { isProduct, offenceAt, type Offence, type Source } from './source.js'

/** The rooms from the ground up: a room may import its own files and those of the rooms before it. */
const ROOMS = [
  'server/lib',
  'server/config',
  'server/memory',
  'server/resp',
  'server/data',
  'server/keyspace',
  'server/engine',
  'server/commands',
  'server/net',
  'server/process',
  'persistence',
  'replication',
  'sentinel',
  'server/rehearsal',
]

/** `server/*.ts`: the entry points, where the parts are put together. They see everything. */
const ENTRY = 'the entry points'

/** Imports go down the stairs, never up, and nothing that ships leans on tests or bench. */
export function layers(sources: readonly Source[]): Offence[] {
  return sources.filter(isProduct).flatMap(source => {
    const room = roomOf(source.path)
    return room === null ? [unknownRoom(source)] : importsUpwards(source, room)
  })
}

function importsUpwards(source: Source, room: string): Offence[] {
  const offences: Offence[] = []
  for (const one of importsOf(source)) {
    const target = targetOf(source, one)
    if (target === null) continue
    const there = roomOf(target)
    if (there !== null && levelOf(there) <= levelOf(room)) continue
    offences.push(
      offenceAt(
        source,
        one.position,
        `${room} imports ${target}, which stands above it`,
        `let the room above hand it in (a parameter, an interface declared in ${room}), or move the code down`,
      ),
    )
  }
  return offences
}

function unknownRoom(source: Source): Offence {
  const remedy = 'give the folder its place in ROOMS of tests/tidy/layers.ts, above all that it imports'
  return offenceAt(source, 0, 'stands in a room whose place in the import order nobody has decided', remedy)
}

function roomOf(path: string): string | null {
  if (/^server\/[^/]+\.ts$/.test(path)) return ENTRY
  return ROOMS.find(room => path.startsWith(`${room}/`)) ?? null
}

function levelOf(room: string): number {
  return room === ENTRY ? ROOMS.length : ROOMS.indexOf(room)
}
