import type { Words } from './family.js'

/** Requests that must not be asked, though chance makes them: the answer would say nothing, or take too long. */

/** A time to live shorter than this, in s or ms, may end while the trial lasts. */
const NEAR = 100_000
/** Bytes that a string may be made to have. */
const LONG = 100_000

/** Where the command has a time to live, or an offset of bytes or bits. */
const TTL_AT: Readonly<Record<string, number>> = {
  expire: 2,
  pexpire: 2,
  expireat: 2,
  pexpireat: 2,
  setex: 2,
  psetex: 2,
}
const LEX_RANGE = /^z(lexcount|(rev)?rangebylex|remrangebylex)$/
const OFFSET_AT: Readonly<Record<string, number>> = { setrange: 2, setbit: 2 }
const TTL_TOKEN = /^p?ex(at)?$/i

export function isVetoed(words: Words): boolean {
  const name = words[0].toLowerCase()
  return (
    mixesScores(name, words) ||
    diesSoon(name, words) ||
    growsLong(name, words) ||
    dependsOnNow(name, words) ||
    isLeftToChance(name, words)
  )
}

function diesSoon(name: string, words: Words): boolean {
  const ttl = words[TTL_AT[name] ?? words.length]
  if (isBetween(ttl, 0, NEAR)) return true
  return words.some((word, index) => TTL_TOKEN.test(word) && isBetween(words[index + 1], 0, NEAR))
}

function growsLong(name: string, words: Words): boolean {
  if (name === 'bitfield') return words.some(word => isBetween(word.replace('#', ''), LONG, Infinity))
  return isBetween(words[OFFSET_AT[name] ?? words.length], LONG, 2 ** 33)
}

/** A lex range of unequal scores is anything; one of a key that holds something else is not worth asking for. */
function mixesScores(name: string, words: Words): boolean {
  const ranges = LEX_RANGE.test(name) || words.some(word => /^bylex$/i.test(word))
  if (ranges) return words[1]?.startsWith('lex:') !== true
  if (!words.some(word => word.startsWith('lex:'))) return false
  if (name !== 'zadd') return !/^(zrem|zcard)$/.test(name)
  return words.some((word, index) => index >= 2 && index % 2 === 0 && word !== '0')
}

/** Relative times under a condition on times, and ids made from the clock. */
function dependsOnNow(name: string, words: Words): boolean {
  if (name === 'expire' || name === 'pexpire') return words.slice(3).some(word => /^(gt|lt)$/i.test(word))
  return name === 'xadd' && words.includes('*')
}

/** Random draws of fewer than all, and pages of a walk. */
function isLeftToChance(name: string, words: Words): boolean {
  if (name === 'scan') return words[1] !== '0' || !words.includes('100000')
  if (/^[shz]scan$/.test(name)) return words[2] !== '0' || !words.includes('100000')
  if (name === 'spop' || /^([sz]randmember|hrandfield)$/.test(name)) return words[2] !== '100000'
  return name === 'sort' && /^(nosort|none)/i.test(words[words.findIndex(word => /^by$/i.test(word)) + 1])
}

function isBetween(word: string | undefined, low: number, high: number): boolean {
  const value = Number(word ?? NaN)
  return value > low && value < high
}
