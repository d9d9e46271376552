import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

/** Client-side caching. Asked in a crowd only. */
export const tracking: Family = {
  name: 'tracking',
  weight: 3,
  whole: true,
  makers: [
    d => [
      'CLIENT',
      'TRACKING',
      'ON',
      ...d.maybe('BCAST', ...prefixes(d)),
      ...d.maybe('NOLOOP'),
      ...redirect(d),
    ],
    d => ['CLIENT', 'TRACKING', 'ON', d.pick(['OPTIN', 'OPTOUT']), ...d.maybe('NOLOOP')],
    d => ['CLIENT', 'TRACKING', 'ON', ...d.several(4, () => d.pick(WORDS))],
    d => ['CLIENT', 'TRACKING', d.pick(['OFF', 'off', 'x'])],
    d => ['CLIENT', 'CACHING', d.pick(['YES', 'no', 'x'])],
    () => ['CLIENT', 'TRACKINGINFO'],
    d => ['GET', d.key('string')],
    d => ['STRLEN', d.key('string')],
    d => ['SET', d.key('string'), d.value()],
    d => ['DEL', ...d.keys('string')],
    d => ['HGETALL', d.key('hash')],
    d => ['HSET', d.key('hash'), d.member(), d.value()],
  ],
}

const WORDS = [
  'BCAST',
  'PREFIX',
  'string:',
  'str',
  'hash',
  'OPTIN',
  'OPTOUT',
  'NOLOOP',
  'REDIRECT',
  '0',
  '@a',
  'x',
] as const

function prefixes(d: Draw): readonly string[] {
  return d.several(2, () => ['PREFIX', d.pick(['string:', 'hash:', 'string:1', 'l', ''])]).flat()
}

const redirect = (d: Draw): readonly string[] =>
  d.once(5) ? ['REDIRECT', d.pick(['@a', '@b', '@c', '@d'])] : []
