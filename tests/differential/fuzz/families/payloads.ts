import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

/**
 * RESTORE of what the other server has dumped: see exchange.ts. And of payloads that are none.
 */
export const payloads: Family = {
  name: 'payloads',
  weight: 1,
  whole: true,
  makers: [
    d => ['RESTORE', ...between(d), 'REPLACE'],
    d => ['RESTORE', ...between(d), ...d.maybe('REPLACE')],
    d => {
      const [key, , payload] = between(d)
      return ['RESTORE', key, `${d.unixTime()}000`, payload, 'REPLACE', 'ABSTTL']
    },
    d => ['RESTORE', ...between(d), 'REPLACE', ...d.several(3, () => d.pick(WORDS))],
    d => ['RESTORE', d.anyKey(), d.integer(), d.value(), ...d.several(2, () => d.pick(WORDS))],
  ],
}

const WORDS = ['ABSTTL', 'IDLETIME', 'FREQ', 'replace', '0', '100', '256', '-1', 'x'] as const

/** The other's value of one key for another of the same kind. */
function between(d: Draw): [key: string, ttl: string, payload: string] {
  const kind = d.pick(['string', 'list', 'set', 'hash', 'zset', 'stream'] as const)
  return [d.key(kind), d.once(4) ? `${d.ttl()}000` : '0', `@payload:${d.key(kind)}`]
}
