import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const key = (d: Draw): string => d.key('list')
const END = ['LEFT', 'right']

export const lists: Family = {
  name: 'lists',
  weight: 4,
  makers: [
    d => [d.pick(['LPUSH', 'RPUSH']), key(d), ...d.several(5, () => element(d))],
    d => [d.pick(['LPUSH', 'RPUSH']), key(d), ...d.several(60, () => element(d))],
    d => [d.pick(['LPUSHX', 'RPUSHX']), key(d), element(d)],
    d => [d.pick(['LPOP', 'RPOP']), key(d), ...d.maybe(d.count())],
    d => ['LLEN', key(d)],
    d => ['LRANGE', key(d), d.index(), d.index()],
    d => ['LINDEX', key(d), d.index()],
    d => ['LSET', key(d), d.index(), element(d)],
    d => ['LINSERT', key(d), d.pick(['BEFORE', 'after']), element(d), element(d)],
    d => ['LREM', key(d), `${d.below(5) - 2}`, element(d)],
    d => ['LTRIM', key(d), d.index(), d.index()],
    d => ['LPOS', key(d), element(d), ...d.maybe('RANK', d.index()), ...d.maybe('COUNT', d.count())],
    d => ['LPOS', key(d), element(d), ...d.maybe('MAXLEN', d.count())],
    d => [d.pick(['LPOP', 'RPOP']), key(d), d.integer()],
    d => ['LREM', key(d), d.integer(), element(d)],
    d => [
      'LPOS',
      key(d),
      element(d),
      ...d.several(3, () => [d.pick(['RANK', 'COUNT', 'maxlen', 'x']), d.index()]).flat(),
    ],
    d => [
      'LMPOP',
      d.integer(),
      key(d),
      key(d),
      d.pick(END),
      ...d.several(2, () => d.pick(['COUNT', '0', '2', 'x'])),
    ],
    d => ['RPOPLPUSH', key(d), key(d)],
    d => ['LMOVE', key(d), key(d), d.pick(END), d.pick(END)],
    d => ['LMPOP', ...d.countedKeys('list'), d.pick(END), ...d.maybe('COUNT', d.count())],
  ],
}

function element(d: Draw): string {
  return d.once(30) ? 'long'.repeat(d.below(3000)) : d.member()
}
