import type { Random } from '../../server/lib/random.js'
import { randomDuels } from '../support/duel.js'
import type { Line } from '../support/request.js'

/** Random HyperLogLog commands; what they leave is compared byte by byte. Seeds that once failed stay in the list. */
const SEEDS = [1, 2, 3]
const COMMANDS = 2000

const KEYS = ['a', 'b', 'c', 'd']
/** So that one sketch stays sparse in most runs, and the others soon become dense. */
const SPARSE_MAX_BYTES = ['3000', '300', '0']

for (const sparseMax of SPARSE_MAX_BYTES) {
  const config = { 'hll-sparse-max-bytes': sparseMax }
  randomDuels(`random HyperLogLogs, hll-sparse-max-bytes ${sparseMax}`, SEEDS, commandsOf, config)
}

function commandsOf(random: Random): Line[] {
  const lines: Line[] = []
  while (lines.length < COMMANDS) lines.push(...step(random))
  return lines
}

function step(random: Random): Line[] {
  const key = pick(random, KEYS)
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return [['PFADD', key, ...elements(random)], `GET ${key}`]
    case 4:
    case 5:
      return [`PFCOUNT ${key}`, `GET ${key}`]
    case 6:
      return [`PFCOUNT ${keys(random)}`]
    case 7:
      return [`PFMERGE ${key} ${random.below(4) === 0 ? '' : keys(random)}`, `GET ${key}`]
    case 8:
      return [`PFDEBUG ENCODING ${key}`, `PFDEBUG decode ${key}`]
    case 9:
      return random.below(10) === 0 ? [`PFDEBUG TODENSE ${key}`, `GET ${key}`] : [`PFDEBUG ${key} ${key}`]
    case 10:
      return random.below(6) === 0
        ? [removal(key)]
        : [['SET', 'plain', random.bytes(random.below(30))], 'PFCOUNT plain']
    default:
      return [...forgery(random, key), removal(key)]
  }
}

/**
 * Damages a value and uses it. It is thrown away afterwards, since Redis has changed some registers before it finds
 * the others corrupt, and ours has not.
 */
function forgery(random: Random, key: string): Line[] {
  const at = random.below(3) === 0 ? random.below(16) : random.below(400)
  const damage = `BITFIELD ${key} SET u8 #${at} ${random.below(256)}`
  const use =
    random.below(2) === 0 ? ['PFADD', key, ...elements(random)] : `PFMERGE ${pick(random, KEYS)} ${key}`
  return [damage, `PFCOUNT ${key}`, `PFCOUNT ${key} ${pick(random, KEYS)}`, `PFDEBUG DECODE ${key}`, use]
}

/** BITOP of nothing. */
function removal(key: string): string {
  return `BITOP OR ${key} missing`
}

function elements(random: Random): Buffer[] {
  const count = random.below(6) === 0 ? random.below(300) : random.below(4)
  return Array.from({ length: count }, () => random.bytes(random.below(40)))
}

function keys(random: Random): string {
  return Array.from({ length: 1 + random.below(3) }, () => pick(random, [...KEYS, 'missing'])).join(' ')
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)]
}
