import { accepted, alias, works } from '../directive.js'
import { anyInteger, count, integer, longCount, size } from '../kinds/number.js'

/** Where small values end: OBJECT ENCODING and the types in a snapshot follow these. */
export const encodings = [
  works(
    'hash-max-listpack-entries',
    longCount,
    512,
    'Fields of a hash in one listpack.',
    alias('hash-max-ziplist-entries'),
  ),
  works('hash-max-listpack-value', size, 64, 'Longest word of such a hash.', alias('hash-max-ziplist-value')),
  works(
    'list-max-listpack-size',
    anyInteger,
    -2,
    'Elements per node of a list; -1 to -5 are 4 to 64 kb.',
    alias('list-max-ziplist-size'),
  ),
  works('list-compress-depth', count, 0, 'Nodes at each end to leave uncompressed; 0 is all nodes.'),
  works('set-max-intset-entries', longCount, 512, 'Members of a set of integers in one intset.'),
  works('set-max-listpack-entries', longCount, 128, 'Members of a set in one listpack.'),
  works('set-max-listpack-value', longCount, 64, 'Longest member of such a set.'),
  works(
    'zset-max-listpack-entries',
    longCount,
    128,
    'Members of a sorted set in one listpack.',
    alias('zset-max-ziplist-entries'),
  ),
  works(
    'zset-max-listpack-value',
    size,
    64,
    'Longest member of such a sorted set.',
    alias('zset-max-ziplist-value'),
  ),
  works('hll-sparse-max-bytes', size, 3000, 'Bytes of a HyperLogLog in its sparse form.'),
  works('stream-node-max-bytes', size, 4096, 'Bytes of a node of a stream; 0 is without limit.'),
  works('stream-node-max-entries', longCount, 100, 'Entries of a node of a stream; 0 is without limit.'),
  accepted('stream-idmp-duration', integer(1, 86400), 100, 'Seconds a stream remembers a message id.'),
  accepted('stream-idmp-maxsize', integer(1, 10000), 100, 'Message ids a stream remembers.'),
] as const
