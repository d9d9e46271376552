import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const key = (d: Draw): string => d.key('bits')
const bit = (d: Draw): string => `${d.below(600)}`

export const bitmaps: Family = {
  name: 'bitmaps',
  weight: 2,
  makers: [
    d => ['SETBIT', key(d), bit(d), d.pick(['0', '1'])],
    d => ['GETBIT', key(d), bit(d)],
    d => ['BITCOUNT', key(d), ...d.maybe(d.index(), d.index(), ...d.maybe(d.pick(['BYTE', 'bit'])))],
    d => [
      'BITPOS',
      key(d),
      d.pick(['0', '1']),
      ...d.maybe(d.index(), ...d.maybe(d.index(), ...d.maybe('BIT'))),
    ],
    d => ['BITOP', d.pick(['AND', 'or', 'XOR']), key(d), ...d.keys('bits')],
    d => ['BITOP', 'NOT', key(d), key(d)],
    d => ['SET', key(d), d.value()],
    d => ['BITFIELD_RO', key(d), ...d.several(3, () => ['GET', type(d), place(d)]).flat()],
    d => ['BITFIELD', key(d), ...d.several(4, () => fieldOperation(d)).flat()],
  ],
}

function type(d: Draw): string {
  return d.once(2) ? `i${1 + d.below(64)}` : `u${1 + d.below(63)}`
}

function place(d: Draw): string {
  return d.once(4) ? `#${d.below(16)}` : bit(d)
}

/** Without FAIL: Redis lengthens the string where all writes fail, and tells nobody. */
function fieldOperation(d: Draw): readonly string[] {
  return d.pick([
    ['GET', type(d), place(d)],
    ['SET', type(d), place(d), d.integer()],
    ['INCRBY', type(d), place(d), d.integer()],
    ['OVERFLOW', d.pick(['WRAP', 'sat'])],
  ])
}
