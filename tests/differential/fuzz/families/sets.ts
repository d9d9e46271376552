import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const key = (d: Draw): string => d.key('set')

export const sets: Family = {
  name: 'sets',
  weight: 3,
  makers: [
    d => ['SADD', key(d), ...d.several(6, () => d.member())],
    d => ['SADD', key(d), ...d.several(6, () => d.integer())],
    d => ['SADD', key(d), ...d.several(200, () => `${d.below(1000)}`)],
    d => ['SREM', key(d), ...d.several(6, () => d.member())],
    d => ['SCARD', key(d)],
    d => ['SISMEMBER', key(d), d.member()],
    d => ['SMISMEMBER', key(d), ...d.several(4, () => d.member())],
    d => ['SMEMBERS', key(d)],
    d => ['SMOVE', key(d), key(d), d.member()],
    d => [d.pick(['SINTER', 'SUNION', 'SDIFF']), ...d.keys('set')],
    d => [d.pick(['SINTERSTORE', 'SUNIONSTORE', 'SDIFFSTORE']), key(d), ...d.keys('set')],
    d => ['SINTERCARD', ...d.countedKeys('set'), ...d.maybe('LIMIT', d.count())],
    d => ['SPOP', key(d), '100000'],
    d => ['SPOP', key(d), d.pick(['0', '-1', '-9223372036854775808', 'x'])],
    d => [
      'SRANDMEMBER',
      key(d),
      ...d.maybe(d.pick(['0', '1', '3', '-1', '-7', '-9223372036854775808', 'x'])),
    ],
    d => [
      'SINTERCARD',
      d.integer(),
      key(d),
      key(d),
      ...d.several(2, () => d.pick(['LIMIT', '0', '1', '-1'])),
    ],
    d => ['SADD', key(d), ...d.several(40, () => 'y'.repeat(d.below(70)))],
    d => [
      'SADD',
      key(d),
      ...d.several(4, () =>
        d.pick(['32767', '32768', '-32769', '2147483648', '-2147483649', '9223372036854775807']),
      ),
    ],
    d => ['SRANDMEMBER', key(d), '100000'],
    d => ['SSCAN', key(d), '0', 'COUNT', '100000', ...d.maybe('MATCH', d.pick(['*', '1*', 'm?', 'none']))],
  ],
}
