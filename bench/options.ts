import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'

export const parts = [
  'load',
  'types',
  'memory',
  'growth',
  'snapshot',
  'stalls',
  'aof',
  'replication',
] as const
export type Part = (typeof parts)[number]

export interface Options {
  readonly quick: boolean
  readonly only: readonly Part[]
  /** The command line to measure instead of our own build. */
  readonly server?: readonly string[]
  readonly assert: boolean
  /** Path of the results without their ending, instead of bench/results/latest. */
  readonly out?: string
}

export function parseOptions(argv: readonly string[]): Options {
  const command = new Command('bench')
    .description('Measures redstart (build it first) and redis-server in turn, in one run.')
    .option('--quick', 'one round and smaller, to see that all is well', false)
    .option('--only <parts>', `some of ${parts.join(',')}`, partsOf, [...parts])
    .option(
      '--server <command>',
      'measure this server instead, without a shell: words split at blanks',
      wordsOf,
    )
    .option('--assert', 'exit with status 1 unless every bar of the parts that ran is met', false)
    .option('--out <stem>', 'write STEM.md and STEM.json', path => resolve(path))
    .allowExcessArguments(false)
  return command.parse(argv, { from: 'user' }).opts<Options>()
}

/** The words of a command line. */
export function wordsOf(text: string): string[] {
  const words = text.split(' ').filter(word => word !== '')
  if (words.length === 0) throw new InvalidArgumentError('It names no program.')
  return words
}

function partsOf(text: string): Part[] {
  const words = text.split(',')
  const unknown = words.find(word => !parts.some(part => part === word))
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${parts.join(', ')}.`)
  return parts.filter(part => words.includes(part))
}

export function countOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('A whole number above 0, please.')
  return Number(text)
}
