import { parseArgs } from 'node:util'

export interface Options {
  readonly units: readonly string[]
  readonly ci: boolean
  readonly update: boolean
  readonly failures: boolean
  readonly only: readonly string[]
  /** The command to run in place of src/redis-server; null = our own build. */
  readonly server: string | null
  readonly jobs: number
  /** Seconds for one unit, all its attempts together. */
  readonly timeoutS: number
  /** Seconds without any test beginning or ending before the running one is called hung. */
  readonly stallS: number
  readonly out: string
  readonly keep: boolean
  readonly help: boolean
}

export const usage = `Runs Redis' own Tcl suite (7.0.15) with our server in place of src/redis-server.

  npx tsx tests/conformance/run.ts [unit | folder of units ...] [options]

  unit/type/string, unit/type, integration, sentinel, ...   none = everything
  --ci             the acceptance units (units.ts), with limits fit for about 15 minutes
  --update         rewrite ratchet.tsv for the units run
  --failures       print every failing test of the baseline with its reason
  --only NAME      only this test (repeatable; /regexp matches many): no score, no ratchet
  --server CMD     another server, e.g. redis-server to take the baseline
  --jobs N         units at a time (2)
  --timeout S      seconds for a unit, all attempts together (300; --ci: 180)
  --stall S        seconds without progress before a test is called hung (60; --ci: 40)
  --out DIR        where report.json, report.tsv and the logs go (.cache/conformance)
  --keep           keep the working copy with the servers' files and logs

Columns: ok, err = tests; skip = left out by tags; exc = errors outside any test (a block of tests given up, a
server that would not start); base = what the real server passes. ABORTED: the file was not run to its end.
Exit status 1 = a test listed in ratchet.tsv failed or disappeared, twice in a row.
Environment: REDSTART_REDIS_SOURCE = an unpacked source tree of redis 7.0.15 (else Debian's is downloaded).
`

export function parseOptions(argv: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ci: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      failures: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      server: { type: 'string' },
      jobs: { type: 'string', default: '2' },
      timeout: { type: 'string' },
      stall: { type: 'string' },
      out: { type: 'string', default: '.cache/conformance' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.update && values.server !== undefined) {
    throw new Error('--update records what our own server passes: it does not go with --server')
  }
  if (values.update && values.only.length > 0) throw new Error('--update needs whole units: no --only')
  const { ci, update, failures, only, out, keep, help } = values
  return {
    ...{ units: positionals, ci, update, failures, only, out, keep, help },
    server: values.server ?? null,
    jobs: positive('--jobs', values.jobs),
    timeoutS: positive('--timeout', values.timeout ?? (ci ? '180' : '300')),
    stallS: positive('--stall', values.stall ?? (ci ? '40' : '60')),
  }
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${option} wants a whole number above 0, not "${text}"`)
  return value
}
