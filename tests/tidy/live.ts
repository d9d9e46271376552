import { importsOf, targetOf } from './imports.js'
import { offenceAt, type Offence, type Source } from './source.js'

/** What starts a whole server of ours: in the same process, and as a program. */
const STARTERS = ['server/server.ts', 'tests/support/program.ts']

/** Folders that do little else, and that `npm run ok` leaves out by their names. */
const LIVE_FOLDERS = /^tests\/(differential|clients|crash|sim)\//

/**
 * A test that starts whole servers lives in real time, on real sockets and a real disk. `npm run ok` leaves those to
 * `npm test`, and knows them by the names of their files. So a test whose imports lead to a server, however long the
 * way, is called `.live.test.ts`; and no other is, for it would be left out for nothing.
 */
export function live(sources: readonly Source[]): Offence[] {
  const starting = importersOf(STARTERS, sources)
  return sources
    .filter(({ path }) => path.endsWith('.test.ts') && !LIVE_FOLDERS.test(path))
    .filter(({ path }) => starting.has(path) !== path.endsWith('.live.test.ts'))
    .map(source => (starting.has(source.path) ? nameless(source) : misnamed(source)))
}

/** These files, and all whose imports lead to one of them. Imports of types alone load nothing. */
function importersOf(paths: readonly string[], sources: readonly Source[]): Set<string> {
  const importers = new Map<string, string[]>()
  for (const source of sources) {
    for (const one of importsOf(source).filter(({ typeOnly }) => !typeOnly)) {
      const target = targetOf(source, one) ?? ''
      importers.set(target, [...(importers.get(target) ?? []), source.path])
    }
  }
  const found = new Set(paths)
  for (const path of found) for (const importer of importers.get(path) ?? []) found.add(importer)
  return found
}

function nameless(source: Source): Offence {
  const remedy = 'call the file `.live.test.ts`; what of it needs no server stays behind in the `.test.ts`'
  return offenceAt(source, 0, 'starts whole servers, and its name does not say so', remedy)
}

function misnamed(source: Source): Offence {
  const remedy = 'call the file `.test.ts`, so that `npm run ok` runs it'
  return offenceAt(source, 0, 'says by its name that it starts whole servers, and starts none', remedy)
}
