/**
 * The command line as config text.
 *
 *     redstart [config-file] [-] [--directive value ...] [-]
 *
 * The first argument, unless it begins with a dash, is the config file; a lone dash, first or last, reads
 * standard input. Everything else becomes lines that are read after the file, so the command line wins:
 * `--port 6380` is the line `port "6380"`.
 *
 * A directive is an argument that begins with `--`, but not right after another directive: there it is that
 * one's value, so that a value may begin with dashes. `--save` and `--sentinel` can stand without a value and
 * are exceptions. One argument may hold both, as in `"--maxmemory 700mb"`. What comes before any directive
 * (`loglevel verbose`) is a line too.
 */
import { quoteWord, splitWords } from '../lib/words.js'

export interface CommandLine {
  readonly file: string | null
  readonly fromStdin: boolean
  /** Lines to read after the file and standard input. */
  readonly options: string
}

/** `args` are the arguments of the process after the program itself. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const file = args.length > 0 && !args[0].startsWith('-') ? args[0] : null
  const line = new OptionLines()
  let fromStdin = false
  for (let i = file === null ? 0 : 1; i < args.length; i++) {
    if (args[i] === '-' && (i === 0 || i === args.length - 1)) fromStdin = true
    else line.add(args[i], args[i + 1])
  }
  return { file, fromStdin, options: line.text }
}

/** All that is read at start, as one text: the later line wins, and line numbers count through. */
export function joinConfig(fileText: string, stdinText: string, options: string): string {
  return options === '' ? fileText + stdinText : `${fileText}${stdinText}\n${options}`
}

class OptionLines {
  text = ''
  /** True when the directive before has its value, so that `--` begins the next one. */
  private complete = true

  /** `next` is the argument after this one, if any. */
  add(argument: string, next: string | undefined): void {
    if (this.complete && argument.startsWith('--')) this.addDirective(argument, next)
    else this.addValue(argument)
  }

  private addDirective(argument: string, next: string | undefined): void {
    if (this.text !== '') this.text += '\n'
    this.text += `${argument.slice(2)} `
    const standsAlone = splitWords(argument)?.length === 1
    const nextIsDirective = next === undefined || next.startsWith('--')
    const name = argument.toLowerCase()
    if (name === '--save' && nextIsDirective) this.text += '""'
    this.complete = !standsAlone || (nextIsDirective && (name === '--save' || name === '--sentinel'))
  }

  private addValue(argument: string): void {
    this.text += `${quoteWord(argument)} `
    this.complete = true
  }
}
