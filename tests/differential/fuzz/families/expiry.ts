import type { Family } from '../family.js'

/** Conditions go with absolute times only: from now on, the oracle's now is another one. */
const CONDITIONS = ['NX', 'XX', 'gt', 'LT']

const EDGES = [
  ...[
    '9223372036854775807',
    '-9223372036854775808',
    '9223372036854775',
    '-1',
    '0',
    '1e3',
    '9223372036854775808',
  ],
  ...['9223372036854774807', '-9223372036854775807'],
] as const

export const expiry: Family = {
  name: 'expiry',
  weight: 2,
  makers: [
    d => ['EXPIRE', d.anyKey(), d.ttl(), ...d.maybe(d.pick(['NX', 'xx']))],
    d => ['PEXPIRE', d.anyKey(), `${d.ttl()}000`],
    d => ['EXPIREAT', d.anyKey(), d.unixTime(), ...d.maybe(d.pick(CONDITIONS))],
    d => ['PEXPIREAT', d.anyKey(), `${d.unixTime()}000`, ...d.maybe(d.pick(CONDITIONS))],
    d => ['EXPIRE', d.anyKey(), d.pick(['0', '-1', '-9223372036854775808', '9223372036854775807'])],
    d => ['EXPIREAT', d.anyKey(), d.pick(['0', '1', '-5'])],
    d => [
      d.pick(['EXPIRE', 'PEXPIRE', 'EXPIREAT', 'PEXPIREAT']),
      d.anyKey(),
      d.pick(EDGES),
      ...d.several(2, () => d.pick([...CONDITIONS, 'x'])),
    ],
    d => ['TTL', d.anyKey()],
    d => ['PTTL', d.anyKey()],
    d => ['EXPIRETIME', d.anyKey()],
    d => ['PEXPIRETIME', d.anyKey()],
    d => ['PERSIST', d.anyKey()],
  ],
}
