import type { Draw } from './draw.js'
import type { Words } from './family.js'

/** A look at what a request has just changed, or was to change. */
export function lookAt(draw: Draw, words: Words): Words | null {
  const key = words.find(word => KEY.test(word))
  if (key === undefined) return null
  const [kind] = key.split(':')
  const whole = WHOLE[kind]
  return draw.pick<Words>([
    ['OBJECT', 'ENCODING', key],
    ['TYPE', key],
    ['PEXPIRETIME', key],
    kind === 'stream' ? ['XINFO', 'STREAM', key, 'FULL'] : ['DUMP', key],
    [whole[0], key, ...whole.slice(1)],
  ])
}

const KEY = /^(string|bits|hll|list|set|hash|zset|stream):\d$/

/** What reads all of a key that is what its name says. */
const WHOLE: Readonly<Record<string, Words>> = {
  string: ['GET'],
  bits: ['GET'],
  hll: ['GET'],
  list: ['LRANGE', '0', '-1'],
  set: ['SMEMBERS'],
  hash: ['HGETALL'],
  zset: ['ZRANGE', '0', '-1', 'WITHSCORES'],
  stream: ['XRANGE', '-', '+'],
}
