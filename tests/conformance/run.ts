import { join, resolve } from 'node:path'
import { ProcessGroups } from './process-groups.js'
import { measure } from './measure.js'
import { parseOptions, usage, type Options } from './options.js'
import { ourServer, otherServer } from './server-command.js'
import { findSource, requireTools } from './source.js'
import { readTables } from './tables.js'
import { acceptanceUnits, selectUnits } from './units.js'
import { Workspace } from './workspace.js'

/**
 * Redis' own Tcl suite as the measure of conformance.
 *
 * The suite starts, restarts, signals and kills its servers itself; we put a script in the place of
 * src/redis-server that becomes our server. What the real redis-server passes this way is the baseline, what ours
 * has passed once is the ratchet. A run goes:
 *
 *     find the suite (source.ts) -> copy and patch its driver (workspace.ts, driver.ts) -> run the units, some at a
 *     time (measure.ts, unit-run.ts, process-groups.ts) -> understand the output (suite-output.ts, sentinel-output.ts) -> compare with
 *     baseline, ratchet and exceptions (verdict.ts) -> run again, alone, the units that lost a test -> report
 *
 * It does not promise that two runs agree: many of these tests lean on timing. Hence the second run before a loss
 * is called a regression.
 */
const here = import.meta.dirname
const repository = resolve(here, '../..')

async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv)
  if (options.help) {
    console.log(usage)
    return 0
  }
  requireTools()
  const tables = readTables(here)
  const known = tables.baseline.map(({ unit }) => unit)
  const units = selectUnits(wordsOf(options), known)
  const source = findSource(join(repository, '.cache/conformance'), process.env.REDSTART_REDIS_SOURCE)
  const server = options.server === null ? ourServer(repository) : otherServer(options.server)
  const workspace = Workspace.create(source, server)
  const groups = new ProcessGroups()
  const cleanUp = () => {
    groups.killAll()
    workspace.close(options.keep)
  }
  exitOnSignal(cleanUp)
  try {
    return await measure({ units, workspace, groups, tables, tablesFolder: here, options })
  } finally {
    cleanUp()
    if (options.keep) console.log(`the working copy is in ${workspace.folder}`)
  }
}

function wordsOf(options: Options): readonly string[] {
  return options.ci && options.units.length === 0 ? acceptanceUnits : options.units
}

function exitOnSignal(cleanUp: () => void): void {
  const stop = () => {
    cleanUp()
    process.exit(130)
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
