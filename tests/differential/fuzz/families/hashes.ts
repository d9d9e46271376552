import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const key = (d: Draw): string => d.key('hash')

export const hashes: Family = {
  name: 'hashes',
  weight: 3,
  makers: [
    d => ['HSET', key(d), ...d.several(5, () => [d.member(), d.value()]).flat()],
    d => ['HSET', key(d), ...d.several(150, () => [`${d.below(1000)}`, d.member()]).flat()],
    d => ['HMSET', key(d), ...d.several(3, () => [d.member(), d.value()]).flat()],
    d => ['HSETNX', key(d), d.member(), d.value()],
    d => ['HGET', key(d), d.member()],
    d => ['HMGET', key(d), ...d.several(4, () => d.member())],
    d => ['HDEL', key(d), ...d.several(4, () => d.member())],
    d => ['HLEN', key(d)],
    d => ['HSTRLEN', key(d), d.member()],
    d => ['HEXISTS', key(d), d.member()],
    d => [d.pick(['HGETALL', 'HKEYS', 'HVALS']), key(d)],
    d => ['HINCRBY', key(d), d.member(), d.integer()],
    d => ['HINCRBYFLOAT', key(d), d.member(), d.double()],
    d => [
      'HRANDFIELD',
      key(d),
      ...d.maybe(d.pick(['0', '1', '3', '-1', '-7', '-9223372036854775808', 'x']), ...d.maybe('WITHVALUES')),
    ],
    d => ['HSET', key(d), d.member(), 'y'.repeat(d.below(90))],
    d => [
      'HINCRBYFLOAT',
      key(d),
      d.member(),
      d.pick(['1e5', '0x10', ' 1', '1 ', 'inf', '-inf', '1e4932', '3.0e-5', '-0', '1e17']),
    ],
    d => ['HRANDFIELD', key(d), '100000', ...d.maybe('WITHVALUES')],
    d => ['HSCAN', key(d), '0', 'COUNT', '100000', ...d.maybe('MATCH', d.pick(['*', '1*', 'm?', 'none']))],
  ],
}
