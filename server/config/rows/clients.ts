import { accepted, works } from '../directive.js'
import {
  count,
  INT_MAX,
  integer,
  LONG_MAX,
  longCount,
  memory,
  memoryOrPercent,
  UINT_MAX,
} from '../kinds/number.js'
import { outputLimits } from '../kinds/output-limits.js'
import { text } from '../kinds/word.js'

const MB = 1024 ** 2

const limits = {
  normal: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
  replica: { hardBytes: 256 * MB, softBytes: 64 * MB, softSeconds: 60 },
  pubsub: { hardBytes: 32 * MB, softBytes: 8 * MB, softSeconds: 60 },
}

export const clients = [
  works('maxclients', integer(1, UINT_MAX), 10000, 'Clients at one time; more are refused.'),
  accepted('maxclients-reserved', count, 0, 'Places kept for clients of the priority subnets.'),
  accepted('priority-subnets', text, '', 'Subnets whose clients may take the reserved places.'),
  works('client-output-buffer-limit', outputLimits, limits, 'Unsent bytes at which a client is closed.'),
  works('client-query-buffer-limit', memory(MB, LONG_MAX), 1024 * MB, 'Unread bytes at which one is closed.'),
  works('proto-max-bulk-len', memory(MB, LONG_MAX), 512 * MB, 'Longest string of a request, and of a value.'),
  works('maxmemory-clients', memoryOrPercent(), { bytes: 0 }, 'Memory (or part of maxmemory) of clients.'),
  works('tracking-table-max-keys', longCount, 1000000, 'Keys remembered for client-side caching; 0 is all.'),
  works('client-default-resp', integer(2, 3), 2, 'Protocol spoken before HELLO.', 'immutable', 'hidden'),
  accepted('lookahead', integer(1, INT_MAX), 16, 'Commands parsed ahead per client.'),
] as const
