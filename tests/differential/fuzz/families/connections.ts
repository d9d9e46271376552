import type { Family } from '../family.js'

/** What concerns the one who asks: its protocol, its name, what it is told. */
export const connections: Family = {
  name: 'connections',
  weight: 1,
  whole: true,
  makers: [
    d => [
      'HELLO',
      ...d.maybe(d.pick(['2', '3', '3', '4', 'x', '3.0', '-1']), ...d.maybe('SETNAME', d.value())),
    ],
    d => ['HELLO', d.pick(['2', '3']), ...d.several(3, () => d.pick(['AUTH', 'default', 'x']))],
    d => ['CLIENT', 'SETNAME', d.value()],
    () => ['CLIENT', 'GETNAME'],
    d => ['CLIENT', 'NO-EVICT', d.pick(['on', 'OFF', 'x'])],
    () => ['CLIENT', 'TRACKING', 'OFF'],
    d => ['CLIENT', d.pick(['GETREDIR', 'TRACKINGINFO', 'CACHING', 'REPLY', 'KILL', 'NONSENSE', 'UNPAUSE'])],
    d => ['CLIENT', 'CACHING', d.pick(['YES', 'no', 'x'])],
    d => [
      'CLIENT',
      'UNBLOCK',
      d.pick(['9999999', '0', '-1', 'x']),
      ...d.maybe(d.pick(['ERROR', 'timeout', 'x'])),
    ],
    d => ['CLIENT', 'REPLY', d.pick(['ON', 'x'])],
    d => [
      'CLIENT',
      'KILL',
      d.pick(['ID', 'TYPE', 'ADDR', 'LADDR', 'USER', 'SKIPME']),
      d.pick(['999999', 'x', '']),
    ],
    () => ['RESET'],
    d => ['PING', ...d.maybe(d.value())],
    d => ['ECHO', d.value()],
    d => ['SELECT', d.pick(['0', '0', '0', '16', '-1', 'x', '01'])],
    d => ['AUTH', ...d.several(2, () => d.pick(['default', 'x', '']))],
    d => ['READONLY', ...d.maybe('x')],
    d => ['OBJECT', d.pick(['FREQ', 'IDLETIME']), d.anyKey()],
  ],
}
