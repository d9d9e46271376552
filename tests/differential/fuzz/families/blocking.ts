import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

/** For ever, or never: neither side's clock counts. */
const timeout = (d: Draw): string =>
  d.once(10) ? d.pick(['-1', 'x', '', 'nan', '1e400', '-0.5', '9223372036854775807']) : '0'
const SIDE = ['LEFT', 'right'] as const
const GROUPS = ['g1', 'g2']
const CONSUMERS = ['alice', 'bob']

/** Those that wait, and what wakes them. Asked in a crowd only. */
export const blocking: Family = {
  name: 'blocking',
  weight: 8,
  whole: true,
  makers: [
    d => [d.pick(['BLPOP', 'BRPOP']), ...d.keys('list'), timeout(d)],
    d => ['BLMOVE', d.key('list'), d.key('list'), d.pick(SIDE), d.pick(SIDE), timeout(d)],
    d => ['BRPOPLPUSH', d.key('list'), d.key('list'), timeout(d)],
    d => ['BLMPOP', timeout(d), ...d.countedKeys('list'), d.pick(SIDE), ...d.maybe('COUNT', d.count())],
    d => [d.pick(['BZPOPMIN', 'BZPOPMAX']), ...d.keys('zset'), timeout(d)],
    d => ['BZMPOP', timeout(d), ...d.countedKeys('zset'), d.pick(['MIN', 'MAX']), ...d.maybe('COUNT', '2')],
    d => ['XREAD', 'BLOCK', timeout(d), 'STREAMS', d.key('stream'), d.key('stream'), '$', d.pick(['$', '5'])],
    d => [
      ...['XREADGROUP', 'GROUP', d.pick(GROUPS), d.pick(CONSUMERS), 'BLOCK', timeout(d)],
      ...[...d.maybe('COUNT', '1'), ...d.maybe('NOACK'), 'STREAMS', d.key('stream'), d.pick(['>', '>', '0'])],
    ],
    d => [d.pick(['LPUSH', 'RPUSH']), d.key('list'), ...d.several(4, () => d.member())],
    d => ['ZADD', d.key('zset'), ...d.several(3, () => [`${d.below(9)}`, d.member()]).flat()],
    d => ['XADD', d.key('stream'), `${d.below(60)}-*`, 'f', 'v'],
    d => ['XGROUP', 'CREATE', d.key('stream'), d.pick(GROUPS), d.pick(['0', '$']), 'MKSTREAM'],
    d => ['XGROUP', 'DESTROY', d.key('stream'), d.pick(GROUPS)],
    d => ['DEL', d.anyKey()],
    d => ['RENAME', d.anyKey(), d.anyKey()],
    d => [
      'CLIENT',
      'UNBLOCK',
      d.pick(['@a', '@b', '@c', '@d']),
      ...d.maybe(d.pick(['TIMEOUT', 'ERROR', 'x'])),
    ],
  ],
}
