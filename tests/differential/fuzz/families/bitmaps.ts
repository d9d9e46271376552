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
    d => ['SETBIT', key(d), d.pick(FAR), d.pick(['0', '1', '2'])],
    d => ['GETBIT', key(d), d.pick([...FAR, '4294967295'])],
    d => ['BITCOUNT', key(d), d.integer(), d.integer(), ...d.maybe(d.pick(['BYTE', 'BIT']))],
    d => ['BITPOS', key(d), d.pick(['0', '1', '2']), d.integer(), d.integer(), ...d.maybe('BIT')],
    d => [
      'BITFIELD',
      key(d),
      'GET',
      d.pick(ODD_TYPES),
      d.pick([...FAR, '#0', '#', '#-1', '#4611686018427387904']),
    ],
    d => [
      'BITFIELD',
      key(d),
      'OVERFLOW',
      d.pick(['WRAP', 'SAT', 'x']),
      'INCRBY',
      d.pick(ODD_TYPES),
      place(d),
      d.integer(),
    ],
    d => ['BITOP', d.pick(['AND', 'NOT', 'x']), d.anyKey(), ...d.several(2, () => d.anyKey())],
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
    d => [
      'BITFIELD',
      key(d),
      ...LENGTHENED,
      'OVERFLOW',
      'FAIL',
      ...d.several(4, () => fieldOperation(d)).flat(),
    ],
    d => ['BITFIELD', key(d), ...LENGTHENED, 'OVERFLOW', 'fail', 'INCRBY', edgeType(d), place(d), edge(d)],
    d => ['BITFIELD', key(d), 'SET', edgeType(d), place(d), edge(d), 'GET', edgeType(d), place(d)],
    d => ['BITOP', d.pick(['AND', 'OR', 'xor']), key(d), ...d.several(6, () => d.anyKey())],
  ],
}

/** Redis lengthens the string where all writes fail, and tells nobody: so it is made that long before. */
const LENGTHENED = ['SET', 'u8', '#90', '0'] as const

const edgeType = (d: Draw): string => d.pick(['i64', 'u63', 'i8', 'u8', 'i32', 'u1', 'i1', 'i63'])
const edge = (d: Draw): string =>
  d.pick([
    '9223372036854775807',
    '-9223372036854775807',
    '4611686018427387904',
    '128',
    '-129',
    '255',
    '1',
    '-1',
  ])

/** Behind the last bit of 512 MB. */
const FAR = ['4294967296', '-1', '9223372036854775807', '9223372036854775808', '4294967296000'] as const
const ODD_TYPES = ['u64', 'i65', 'u0', 'i0', 'i64', 'u63', 'i1', 'u1', 'x8', 'i', '8'] as const

function type(d: Draw): string {
  return d.once(2) ? `i${1 + d.below(64)}` : `u${1 + d.below(63)}`
}

function place(d: Draw): string {
  return d.once(4) ? `#${d.below(16)}` : bit(d)
}

/** Without FAIL: see LENGTHENED. */
function fieldOperation(d: Draw): readonly string[] {
  return d.pick([
    ['GET', type(d), place(d)],
    ['SET', type(d), place(d), d.integer()],
    ['INCRBY', type(d), place(d), d.integer()],
    ['OVERFLOW', d.pick(['WRAP', 'sat'])],
  ])
}
