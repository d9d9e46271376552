/** The keys of one request, by its command's key specs: for COMMAND GETKEYS, ACLs and client-side caching. */

import type { Command } from './command.js'
import { type KeyFlag, type KeySpec, keyPositions } from './key-specs.js'

/** A key among the words of a request, and what the command does to it. */
export interface FoundKey {
  readonly position: number
  readonly flags: readonly KeyFlag[]
}

/** The keys among `words` (word 0 is the command's name); null when the words make no sense. */
export function commandKeys(command: Command, words: readonly string[]): FoundKey[] | null {
  const found = bySpecs(command, words)
  const positions = command.options.keysOf?.(words)
  if (positions === undefined || found === null) return found
  if (positions === null) return null
  const flags = flagsOfTheRest(command)
  return positions.map(position => found.find(key => key.position === position) ?? { position, flags })
}

/** True when a request may have keys. */
export function mayHaveKeys(command: Command): boolean {
  return (
    command.options.keysOf !== undefined || command.keySpecs.some(spec => !spec.flags.includes('not_key'))
  )
}

function bySpecs(command: Command, words: readonly string[]): FoundKey[] | null {
  const keys: FoundKey[] = []
  for (const spec of command.keySpecs) {
    if (spec.flags.includes('not_key')) continue
    const positions = keyPositions(spec, words)
    if (positions === null) return null
    const flags = presentFlags(command, spec, words)
    for (const position of positions) keys.push({ position, flags })
  }
  return keys
}

/** What this request does to the keys of a spec whose flags vary. */
function presentFlags(command: Command, spec: KeySpec, words: readonly string[]): readonly KeyFlag[] {
  if (!spec.flags.includes('variable_flags')) return spec.flags
  return command.options.keyFlagsOf?.(words) ?? spec.flags
}

/** Keys that only `keysOf` finds are those of the last spec that cannot say where they are. */
function flagsOfTheRest(command: Command): readonly KeyFlag[] {
  return command.keySpecs.findLast(({ begin, find }) => 'unknown' in begin || 'unknown' in find)?.flags ?? []
}

/** First, last and step as old clients know them; zeros when the specs cannot be said so. */
export interface KeyRange {
  readonly first: number
  /** Negative: from the end. */
  readonly last: number
  readonly step: number
}

const NO_RANGE: KeyRange = { first: 0, last: 0, step: 0 }

/** The one range that best stands for a command's key specs: neighbours are taken together. */
export function legacyRange(command: Command): KeyRange {
  const ranges = command.keySpecs.flatMap(spec => rangeOf(spec) ?? [])
  if (ranges.length === 0) return NO_RANGE
  if (command.keySpecs.length === 1) return ranges[0]
  return ranges.filter(({ step }) => step === 1).reduce(joined, NO_RANGE)
}

/** True when first, last and step do not tell all. */
export function hasMovableKeys(command: Command): boolean {
  return command.options.keysOf !== undefined || command.keySpecs.some(spec => rangeOf(spec) === null)
}

function rangeOf({ begin, find }: KeySpec): KeyRange | null {
  if (!('index' in begin) || !('last' in find)) return null
  const last = find.last >= 0 ? begin.index + find.last : find.last
  return { first: begin.index, last, step: find.step }
}

/** A range that does not begin where the one before ends is left out. */
function joined(before: KeyRange, range: KeyRange): KeyRange {
  if (before.first === 0) return range
  return before.last === range.first - 1 ? { ...before, last: range.last } : before
}
