import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const key = (d: Draw): string => d.key('stream')
const GROUPS = ['g1', 'g2']
const CONSUMERS = ['alice', 'bob']

/** Ids are given, as those made from the clock would differ; idle times are not asked for. */
export const streams: Family = {
  name: 'streams',
  weight: 3,
  makers: [
    d => ['XADD', key(d), ...trimming(d), id(d), ...fields(d)],
    d => ['XADD', key(d), ...d.maybe('NOMKSTREAM'), `${d.below(30)}-*`, ...fields(d)],
    d => ['XLEN', key(d)],
    d => ['XRANGE', key(d), start(d), end(d), ...d.maybe('COUNT', d.count())],
    d => ['XREVRANGE', key(d), end(d), start(d), ...d.maybe('COUNT', d.count())],
    d => ['XDEL', key(d), ...d.several(3, () => id(d))],
    d => ['XTRIM', key(d), ...trim(d)],
    d => ['XSETID', key(d), id(d)],
    d => ['XREAD', ...d.maybe('COUNT', d.count()), 'STREAMS', key(d), key(d), id(d), '0'],
    d => ['XGROUP', 'CREATE', key(d), d.pick(GROUPS), d.pick(['0', '$', id(d)]), ...d.maybe('MKSTREAM')],
    d => ['XGROUP', 'SETID', key(d), d.pick(GROUPS), d.pick(['0', '$', id(d)])],
    d => ['XGROUP', 'DESTROY', key(d), d.pick(GROUPS)],
    d => ['XGROUP', d.pick(['CREATECONSUMER', 'DELCONSUMER']), key(d), d.pick(GROUPS), d.pick(CONSUMERS)],
    d => ['XREADGROUP', 'GROUP', d.pick(GROUPS), d.pick(CONSUMERS), ...reading(d)],
    d => ['XACK', key(d), d.pick(GROUPS), ...d.several(3, () => id(d))],
    d => ['XPENDING', key(d), d.pick(GROUPS)],
    d => ['XINFO', 'STREAM', key(d)],
    d => ['XINFO', 'GROUPS', key(d)],
  ],
}

const id = (d: Draw): string => (d.once(4) ? `${d.below(30)}` : `${d.below(30)}-${d.below(4)}`)
const start = (d: Draw): string => d.pick(['-', id(d), `(${id(d)}`])
const end = (d: Draw): string => d.pick(['+', id(d), `(${id(d)}`])
const fields = (d: Draw): readonly string[] => d.several(3, () => [d.member(), d.value()]).flat()
const trimming = (d: Draw): readonly string[] => d.maybe(...trim(d))

function trim(d: Draw): readonly string[] {
  return d.once(2) ? ['MAXLEN', ...d.maybe('='), `${d.below(12)}`] : ['MINID', ...d.maybe('='), id(d)]
}

function reading(d: Draw): readonly string[] {
  return [
    ...d.maybe('COUNT', d.count()),
    ...d.maybe('NOACK'),
    'STREAMS',
    key(d),
    d.pick(['>', '>', '0', id(d)]),
  ]
}
