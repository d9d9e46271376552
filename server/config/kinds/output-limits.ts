import { parseMemorySize } from '../../lib/memory-size.js'
import { manyWords, Refusal, type Kind } from '../kind.js'
import { inUnits, saturated } from './number.js'

/** A client is cut off above `hardBytes`, or when it stays above `softBytes` for `softSeconds`. 0: no limit. */
export interface OutputLimit {
  readonly hardBytes: number
  readonly softBytes: number
  readonly softSeconds: number
}

/** One limit per class of client. */
export interface OutputLimits {
  readonly normal: OutputLimit
  readonly replica: OutputLimit
  readonly pubsub: OutputLimit
}

const CLASSES: ReadonlyMap<string, keyof OutputLimits> = new Map([
  ['normal', 'normal'],
  ['slave', 'replica'],
  ['replica', 'replica'],
  ['pubsub', 'pubsub'],
])

const WRONG_NUMBER = new Refusal('Wrong number of arguments in buffer limit configuration.')
const WRONG_CLASS = new Refusal('Invalid client class specified in buffer limit configuration.')
const WRONG_LIMIT = new Refusal('Error in hard, soft or soft_seconds setting in buffer limit configuration.')

/** `client-output-buffer-limit <class> <hard> <soft> <seconds> ...`: classes not named keep their limits. */
export const outputLimits: Kind<OutputLimits> = {
  ...manyWords('<class> <hard> <soft> <soft seconds> ...', readLimits, printLimits),
  lines: limits => [
    `normal ${printLimit(limits.normal, inUnits)}`,
    `replica ${printLimit(limits.replica, inUnits)}`,
    `pubsub ${printLimit(limits.pubsub, inUnits)}`,
  ],
}

function readLimits(words: readonly string[], current: OutputLimits): OutputLimits | Refusal {
  if (words.length % 4 !== 0) return WRONG_NUMBER
  const limits = { ...current }
  for (let i = 0; i < words.length; i += 4) {
    const name = CLASSES.get(words[i].toLowerCase())
    if (name === undefined) return WRONG_CLASS
    const limit = readLimit(words[i + 1], words[i + 2], words[i + 3])
    if (limit === null) return WRONG_LIMIT
    limits[name] = limit
  }
  return limits
}

function readLimit(hard: string, soft: string, seconds: string): OutputLimit | null {
  const hardBytes = saturated(parseMemorySize(hard))
  const softBytes = saturated(parseMemorySize(soft))
  if (Number.isNaN(hardBytes + softBytes) || !/^\+?\d+$/.test(seconds)) return null
  return { hardBytes, softBytes, softSeconds: saturated(Number(seconds)) }
}

/** CONFIG GET still calls a replica a slave. */
function printLimits({ normal, replica, pubsub }: OutputLimits): string {
  return `normal ${printLimit(normal)} slave ${printLimit(replica)} pubsub ${printLimit(pubsub)}`
}

function printLimit(limit: OutputLimit, size: (bytes: number) => string = String): string {
  return `${size(limit.hardBytes)} ${size(limit.softBytes)} ${limit.softSeconds}`
}
