import { oneWord, Refusal, type Kind } from '../kind.js'
import { quoteWord } from '../../lib/words.js'

/**
 * Which keyspace events are published: one letter per class, one bit per letter.
 * Source: Redis documentation, "Redis keyspace notifications".
 */
export const EventClass = {
  keyspace: 1 << 0,
  keyevent: 1 << 1,
  generic: 1 << 2,
  string: 1 << 3,
  list: 1 << 4,
  set: 1 << 5,
  hash: 1 << 6,
  zset: 1 << 7,
  expired: 1 << 8,
  evicted: 1 << 9,
  stream: 1 << 10,
  keyMiss: 1 << 11,
  module: 1 << 13,
  newKey: 1 << 14,
  overwritten: 1 << 15,
  typeChanged: 1 << 16,
  array: 1 << 17,
  subkeySpace: 1 << 18,
  subkeyEvent: 1 << 19,
  subkeySpaceItem: 1 << 20,
  subkeySpaceEvent: 1 << 21,
} as const

/** The letters of the classes that `A` stands for, in the order in which CONFIG GET shows them. */
const IN_ALL: readonly (readonly [string, number])[] = [
  ['g', EventClass.generic],
  ['$', EventClass.string],
  ['l', EventClass.list],
  ['s', EventClass.set],
  ['h', EventClass.hash],
  ['z', EventClass.zset],
  ['x', EventClass.expired],
  ['e', EventClass.evicted],
  ['t', EventClass.stream],
  ['d', EventClass.module],
]

const NOT_IN_ALL: readonly (readonly [string, number])[] = [
  ['n', EventClass.newKey],
  ['K', EventClass.keyspace],
  ['E', EventClass.keyevent],
  ['m', EventClass.keyMiss],
  ['o', EventClass.overwritten],
  ['c', EventClass.typeChanged],
  ['a', EventClass.array],
  ['S', EventClass.subkeySpace],
  ['T', EventClass.subkeyEvent],
  ['I', EventClass.subkeySpaceItem],
  ['V', EventClass.subkeySpaceEvent],
]

const ALL = IN_ALL.reduce((bits, [, bit]) => bits | bit, 0)
const BIT_OF: ReadonlyMap<string, number> = new Map([['A', ALL], ...IN_ALL, ...NOT_IN_ALL])
const INVALID = new Refusal("Invalid event class character. Use 'Ag$lshzxeKEtmdnocaSTIV'.")

/** A bit set of `EventClass`. Redis does not show `n` next to `A`, so that a rewritten file loses it; here it stays. */
export const eventClasses: Kind<number> = oneWord(
  'letters of event classes',
  readClasses,
  printClasses,
  bits => quoteWord(printClasses(bits)),
)

function readClasses(letters: string): number | Refusal {
  let bits = 0
  for (const letter of letters) {
    const bit = BIT_OF.get(letter)
    if (bit === undefined) return INVALID
    bits |= bit
  }
  return bits
}

function printClasses(bits: number): string {
  const all = (bits & ALL) === ALL ? 'A' : lettersOf(IN_ALL, bits)
  return all + lettersOf(NOT_IN_ALL, bits)
}

function lettersOf(classes: typeof IN_ALL, bits: number): string {
  return classes.map(([letter, bit]) => ((bits & bit) === 0 ? '' : letter)).join('')
}
