import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const channel = (d: Draw): string => d.pick(['one', 'two', 'three', '', '\xff', 'string:0'])
const pattern = (d: Draw): string => d.pick(['[^_]*', 't*', 'on?', '[a-p]*', 'none', ''])

/** Channels, patterns and shard channels. Asked in a crowd only. */
export const pubsub: Family = {
  name: 'pub/sub',
  weight: 3,
  makers: [
    d => ['SUBSCRIBE', ...d.several(3, () => channel(d))],
    d => ['PSUBSCRIBE', ...d.several(2, () => pattern(d))],
    d => ['SSUBSCRIBE', ...d.several(2, () => channel(d))],
    d => ['UNSUBSCRIBE', ...d.maybe(channel(d), channel(d))],
    d => ['PUNSUBSCRIBE', ...d.maybe(pattern(d))],
    d => ['SUNSUBSCRIBE', ...d.maybe(channel(d))],
    d => ['PUBLISH', channel(d), d.value()],
    d => ['PUBLISH', channel(d), d.value()],
    d => ['SPUBLISH', channel(d), d.value()],
    d => ['PUBSUB', d.pick(['CHANNELS', 'SHARDCHANNELS']), ...d.maybe(pattern(d))],
    d => ['PUBSUB', d.pick(['NUMSUB', 'SHARDNUMSUB']), ...d.several(3, () => channel(d))],
    () => ['PUBSUB', 'NUMPAT'],
    d => ['PING', ...d.maybe(d.value())],
    () => ['RESET'],
    d => ['HELLO', ...d.maybe(d.pick(['2', '3', '4', 'x', '3.0']))],
  ],
}
