import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Status, TestId } from './test-id.js'

/**
 * The committed facts, as tab-separated tables with one heading line:
 *
 *     baseline.tsv         unit, ok, seconds       the real redis-server 7.0.15 under this runner's rules
 *     baseline-tests.tsv   unit, status, name      the same, test by test
 *     ratchet.tsv          unit, name              tests that have passed on our server
 *     exceptions.tsv       unit, name, reason      tests left failing on purpose
 */
export interface BaselineUnit {
  readonly unit: string
  readonly ok: number
  readonly seconds: number
}

export interface Exception extends TestId {
  readonly reason: string
}

export interface Tables {
  readonly baseline: readonly BaselineUnit[]
  readonly baselineTests: readonly (TestId & { readonly status: Status })[]
  readonly ratchet: readonly TestId[]
  readonly exceptions: readonly Exception[]
}

export function readTables(folder: string): Tables {
  const rows = (file: string) => parseTable(readTable(join(folder, file)))
  return {
    baseline: rows('baseline.tsv').map(([unit, ok, seconds]) => ({
      unit,
      ok: Number(ok),
      seconds: Number(seconds),
    })),
    baselineTests: rows('baseline-tests.tsv').map(([unit, status, name]) => ({
      unit,
      status: statusOf(status),
      name,
    })),
    ratchet: rows('ratchet.tsv').map(([unit, name]) => ({ unit, name })),
    exceptions: rows('exceptions.tsv').map(exceptionOf),
  }
}

export function writeRatchet(folder: string, tests: readonly TestId[]): void {
  const rows = tests.map(test => [test.unit, test.name])
  writeFileSync(join(folder, 'ratchet.tsv'), formatTable(['unit', 'name'], rows))
}

export function parseTable(text: string): string[][] {
  const [, ...lines] = text.split('\n')
  return lines.filter(line => line !== '').map(line => line.split('\t'))
}

export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, ...rows]
    .map(row => row.map(cell => cell.replace(/[\t\n]/g, ' ')).join('\t') + '\n')
    .join('')
}

const readTable = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

const statusOf = (text: string): Status => (text === 'ok' ? 'ok' : 'err')

function exceptionOf([unit, name, reason]: string[]): Exception {
  if (!reason) throw new Error(`exceptions.tsv: "${name}" of ${unit} is left failing without a reason`)
  return { unit, name, reason }
}
