import { offenceAt, type Offence, type Source } from './source.js'

export const LINES_MAX = 450

/** A file that may be longer, and why nobody would gain by splitting it. */
export type LengthExceptions = Readonly<Record<string, string>>

/** The files of ours that may be longer. */
const LONG_FILES: LengthExceptions = {}

/** A file over the limit is two rooms in one. An exception that is no longer needed has to go. */
export function length(sources: readonly Source[], exceptions: LengthExceptions = LONG_FILES): Offence[] {
  const tooLong = sources.filter(source => linesOf(source) > LINES_MAX)
  const excused = new Set(Object.keys(exceptions))
  return [
    ...tooLong.filter(source => !excused.has(source.path)).map(longOffence),
    ...[...excused].filter(path => !tooLong.some(source => source.path === path)).map(idleException),
  ]
}

function linesOf(source: Source): number {
  return source.text.split('\n').length - (source.text.endsWith('\n') ? 1 : 0)
}

function longOffence(source: Source): Offence {
  const remedy =
    'split it where its two subjects part, or write its reason into LONG_FILES of tests/tidy/length.ts'
  return offenceAt(source, source.text.length, `${linesOf(source)} lines, the limit is ${LINES_MAX}`, remedy)
}

function idleException(path: string): Offence {
  const remedy = 'remove its line from LONG_FILES of tests/tidy/length.ts'
  return { file: path, line: 1, offence: `has an exception, but not more than ${LINES_MAX} lines`, remedy }
}
