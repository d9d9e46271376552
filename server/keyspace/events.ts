/** Keyspace notifications: the classes of events and their letters in `notify-keyspace-events`. */

export const Event = {
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
} as const

const LETTERS: readonly (readonly [letter: string, flag: number])[] = [
  ['g', Event.generic],
  ['$', Event.string],
  ['l', Event.list],
  ['s', Event.set],
  ['h', Event.hash],
  ['z', Event.zset],
  ['x', Event.expired],
  ['e', Event.evicted],
  ['t', Event.stream],
  ['d', Event.module],
]
/** Letters that `A` does not stand for. */
const OUTSIDE_ALL: readonly (readonly [letter: string, flag: number])[] = [
  ['K', Event.keyspace],
  ['E', Event.keyevent],
  ['m', Event.keyMiss],
  ['n', Event.newKey],
  ['o', Event.overwritten],
  ['c', Event.typeChanged],
]
const ALL = LETTERS.reduce((flags, [, flag]) => flags | flag, 0)

/** The flags that a string of letters stands for, or null when a letter is unknown. */
export function parseEventFlags(letters: string): number | null {
  let flags = 0
  for (const letter of letters) {
    if (letter === 'A') {
      flags |= ALL
      continue
    }
    const known = [...LETTERS, ...OUTSIDE_ALL].find(([name]) => name === letter)
    if (known === undefined) return null
    flags |= known[1]
  }
  return flags
}

/** The letters of a set of flags, in Redis' order. */
export function formatEventFlags(flags: number): string {
  const named = LETTERS.filter(([, flag]) => (flags & flag) !== 0)
  const classes = (flags & ALL) === ALL ? 'A' : named.map(([letter]) => letter).join('')
  const others = OUTSIDE_ALL.filter(([, flag]) => (flags & flag) !== 0).map(([letter]) => letter)
  return classes + others.join('')
}
