import type { Words } from './family.js'
import type { Effect } from './follower.js'

/** Whether two histories of one request say the same, but for what is known to differ. */
export function agree(request: Words, theirs: readonly Effect[], ours: readonly Effect[]): boolean {
  const isRough = request.includes('~')
  const told = (effect: Effect): Effect => (isRough ? withoutBound(plain(effect)) : plain(effect))
  const [a, b] = [theirs, ours].map(effects => unwrapped(effects.map(told).filter(isToldByBoth)))
  if (/^(xreadgroup|exec)$/i.test(request[0])) return readsAgain(a, b)
  return a.length === b.length && a.every((effect, at) => isSame(effect, b[at]))
}

/** That entries were read once more by the consumer they wait for, Redis tells nobody; ours does. */
function readsAgain(theirs: readonly Effect[], ours: readonly Effect[]): boolean {
  let met = 0
  for (const effect of ours) {
    if (met < theirs.length && isSame(theirs[met], effect)) met++
    else if (!/^(xclaim|multi|exec)$/.test(effect[1])) return false
  }
  return met === theirs.length
}

/** The oracle's clock runs while ours stands: ms. */
const CLOCKS_APART_MS = 60_000
/** From here on a number is a time, in ms. */
const YEAR_2020_MS = 1_577_836_800_000

function isSame(theirs: Effect, ours: Effect): boolean {
  return (
    theirs.length === ours.length && theirs.every((word, at) => word === ours[at] || isNear(word, ours[at]))
  )
}

function isNear(a: string | number, b: string | number): boolean {
  return Number(a) > YEAR_2020_MS && Math.abs(Number(a) - Number(b)) < CLOCKS_APART_MS
}

/** The effect as either server could have told it. */
function plain([database, name, ...words]: Effect): Effect {
  return [database, name.toLowerCase(), ...told(name.toLowerCase(), words)]
}

/** Where a rough trimming ended: the first entry that is left, or in Redis one that is deleted and stands before it. */
function withoutBound([database, name, ...words]: Effect): Effect {
  const isBound = (at: number): boolean => /^minid$/i.test(words[at - 2]) && words[at - 1] === '='
  return [database, name, ...words.map((word, at) => (isBound(at) ? '' : word))]
}

/** Whether a condition was met is settled, and ours does not tell it on; Redis does here and there. */
function told(name: string, words: readonly string[]): readonly string[] {
  if (name === 'pexpireat') return words.slice(0, 2)
  if (name === 'set') return words.filter((word, at) => at < 2 || !isSettled(word, words.slice(0, at)))
  // +15 is 15-0.
  if (name === 'xadd') return words.map(word => word.replace(/^\+?(\d+)(-0)?$/, '$1'))
  if (name === 'zadd')
    return [...new Set(words.filter(isZaddOption))].sort().concat(words.filter(word => !isZaddOption(word)))
  return words
}

/** A condition, or what stands there twice. */
function isSettled(word: string, before: readonly string[]): boolean {
  return /^(nx|xx|get)$/i.test(word) || (/^keepttl$/i.test(word) && before.slice(2).includes(word))
}

/** GEOADD takes them in any order, and more than once. */
const isZaddOption = (word: string): boolean => /^(nx|xx|ch)$/i.test(word)

/**
 * Ours tells of the consumers that a reading makes (7.2), and how many entries a group has read, which replicas of 7.0
 * lose.
 */
function isToldByBoth([, name, sub, , , , option]: Effect): boolean {
  if (name !== 'xgroup') return true
  return !/^(create|del)consumer$/i.test(sub) && !/^entriesread$/i.test(option)
}

/** A transaction of one effect is that effect; of none, none. */
function unwrapped(effects: readonly Effect[]): readonly Effect[] {
  const isShort = (begin: number): boolean =>
    effects[begin]?.[1] === 'multi' && effects.slice(begin + 1, begin + 3).some(([, name]) => name === 'exec')
  return effects.filter(
    ([, name], at) =>
      !(name === 'multi' && isShort(at)) && !(name === 'exec' && (isShort(at - 1) || isShort(at - 2))),
  )
}
