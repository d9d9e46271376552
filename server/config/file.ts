/**
 * The grammar of a config file.
 *
 * A line is a directive and its words; blank lines and lines that begin with `#` say nothing. Words are split
 * at spaces, with quotes and escapes as in redis-cli. `include <path>` reads another file in this place; a path
 * with `*`, `?` or `[` is a pattern, and one that matches no file is no error.
 *
 * Lines are handed over one by one, not collected: a line may change what a later one means (`dir` changes what
 * the path of an `include` is relative to), and the first bad line ends the reading.
 */
import { splitWords } from '../lib/words.js'

export interface ConfigLine {
  /** Counted from 1, within its own file. */
  readonly number: number
  readonly text: string
  /** At least one, the name of the directive in lower case. */
  readonly words: readonly string[]
}

/** A file that an `include` names. `path` tells files apart, so it must be absolute and free of links. */
export interface IncludedFile {
  readonly path: string
  readonly text: string
}

/** The files a path or pattern stands for, in order, or the sentence that says why one cannot be read. */
export type ReadIncluded = (pattern: string) => readonly IncludedFile[] | string

/** Takes a line, or answers why it cannot. */
export type TakeLine = (line: ConfigLine) => string | null

/** Why the server cannot start with this file. */
export class ConfigFileError extends Error {
  readonly line: Pick<ConfigLine, 'number' | 'text'> | null
  readonly reason: string

  constructor(reason: string, line: Pick<ConfigLine, 'number' | 'text'> | null = null) {
    super(reason)
    this.name = 'ConfigFileError'
    this.reason = reason
    this.line = line
  }

  /** What standard error shows before the process ends. */
  report(version: string): string {
    const place =
      this.line === null
        ? ''
        : `Reading the configuration file, at line ${this.line.number}\n>>> '${this.line.text}'\n`
    return `\n*** FATAL CONFIG FILE ERROR (Redis ${version}) ***\n${place}${this.reason}\n`
  }
}

/** Hands every line of `text`, and of the files it includes, to `take`. */
export function readConfig(text: string, readIncluded: ReadIncluded, take: TakeLine): void {
  readFile(text, [])

  function readFile(text: string, openPaths: readonly string[]): void {
    for (const line of linesOf(text)) {
      const reason = isInclude(line) ? readFiles(line, openPaths) : take(line)
      if (reason !== null) throw new ConfigFileError(reason, line)
    }
  }

  /** `openPaths` are the files this line is inside of: a file that is among them would never end. */
  function readFiles(line: ConfigLine, openPaths: readonly string[]): string | null {
    const files = readIncluded(line.words[1])
    if (typeof files === 'string') return files
    for (const file of files) {
      if (openPaths.includes(file.path)) return `'${file.path}' includes itself`
      readFile(file.text, [...openPaths, file.path])
    }
    return null
  }
}

/** The lines that say something. */
export function* linesOf(text: string): Generator<ConfigLine> {
  let number = 0
  for (const untrimmed of text.split('\n')) {
    number++
    const line = trimmed(untrimmed)
    if (saysNothing(line)) continue
    const words = splitWords(line)
    if (words === null)
      throw new ConfigFileError('Unbalanced quotes in configuration line', { number, text: line })
    if (words.length > 0) yield { number, text: line, words: [words[0].toLowerCase(), ...words.slice(1)] }
  }
}

/** Only these four characters: a line is bytes, and 0xa0 is not a space. */
export function trimmed(line: string): string {
  return line.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

export function saysNothing(line: string): boolean {
  return line === '' || line.startsWith('#')
}

function isInclude({ words }: ConfigLine): boolean {
  return words[0] === 'include' && words.length === 2
}
