import { accepted, alias, works } from '../directive.js'
import { count, INT_MAX, integer, LONG_MAX, memory as bytes, ULONG_MAX } from '../kinds/number.js'
import { oneOf, yesNo } from '../kinds/word.js'
import { checked } from '../kind.js'

const policy = oneOf([
  'volatile-lru',
  'volatile-lfu',
  'volatile-lrm',
  'volatile-random',
  'volatile-ttl',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-lrm',
  'allkeys-random',
  'noeviction',
])

/** There is no allocator whose holes could be moved together, and the sentence clients know says so. */
const noDefrag = checked(yesNo, on =>
  on
    ? 'Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc ' +
      'like the one shipped by default with the Redis source distribution'
    : null,
)

export const memory = [
  works('maxmemory', bytes(0, ULONG_MAX), 0, 'Bytes the dataset may take; 0 is without limit.'),
  works('maxmemory-policy', policy, 'noeviction', 'Which keys make room when memory is full.'),
  works('maxmemory-samples', integer(1, INT_MAX), 5, 'Keys looked at to find one to evict.'),
  works('maxmemory-eviction-tenacity', integer(0, 100), 10, 'How long eviction may hold other work up.'),
  works('lfu-log-factor', count, 10, 'How slowly the counter of uses saturates.'),
  works('lfu-decay-time', count, 1, 'Minutes until the counter of an unused key drops by one.'),
  works('active-expire-effort', integer(1, 10), 1, 'How hard to look for expired keys.'),
  works('lazyfree-lazy-eviction', yesNo, false, 'Free evicted values in the background.'),
  works('lazyfree-lazy-expire', yesNo, false, 'Free expired values in the background.'),
  works('lazyfree-lazy-server-del', yesNo, false, 'Free overwritten values in the background.'),
  works('lazyfree-lazy-user-del', yesNo, false, 'Let DEL behave like UNLINK.'),
  works('lazyfree-lazy-user-flush', yesNo, false, 'Let FLUSHALL and FLUSHDB be ASYNC unless told SYNC.'),
  works(
    'replica-lazy-flush',
    yesNo,
    false,
    'Free the dataset that a full sync replaces in the background.',
    alias('slave-lazy-flush'),
  ),
  works('activerehashing', yesNo, true, 'Spend idle time on resizing tables.'),
  accepted('activedefrag', noDefrag, false, 'Move values together to win back memory.'),
  accepted('active-defrag-ignore-bytes', bytes(1, LONG_MAX), 100 * 1024 ** 2, 'Waste that is left alone.'),
  accepted('active-defrag-threshold-lower', integer(0, 1000), 10, 'Percentage of waste to start at.'),
  accepted('active-defrag-threshold-upper', integer(0, 1000), 100, 'Percentage of waste to work hardest at.'),
  accepted('active-defrag-cycle-min', integer(1, 99), 1, 'Least effort, in percent of the processor.'),
  accepted('active-defrag-cycle-max', integer(1, 99), 25, 'Most effort, in percent of the processor.'),
  accepted('active-defrag-max-scan-fields', integer(1, LONG_MAX), 1000, 'Members moved in one go.'),
] as const
