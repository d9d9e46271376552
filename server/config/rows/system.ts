import { accepted } from '../directive.js'
import { oomScores } from '../kinds/lists.js'
import { integer } from '../kinds/number.js'
import { oneOf, text, yesNo } from '../kinds/word.js'

const adjust = oneOf(['no', 'yes', 'relative', 'absolute'], { relative: 'yes' })

/** Threads, processors and the kernel: Node decides these. */
export const system = [
  accepted('io-threads', integer(1, 128), 1, 'Threads that read and write sockets.', 'immutable'),
  accepted('io-threads-do-reads', yesNo, false, 'Read, not only write, in those threads.', 'immutable'),
  accepted('server_cpulist', text, '', 'Processors of the server.', 'immutable'),
  accepted('bio_cpulist', text, '', 'Processors of background work.', 'immutable'),
  accepted('aof_rewrite_cpulist', text, '', 'Processors of the rewrite of the log.', 'immutable'),
  accepted('bgsave_cpulist', text, '', 'Processors of the snapshot.', 'immutable'),
  accepted('oom-score-adj', adjust, 'no', 'Tell the kernel whom to kill first when memory is short.'),
  accepted('oom-score-adj-values', oomScores, [0, 200, 800], 'Advice for master, replica and child.'),
  accepted('disable-thp', yesNo, true, 'Ask the kernel for no huge pages.', 'immutable'),
  accepted('jemalloc-bg-thread', yesNo, true, 'Let the allocator clean up in the background.'),
] as const
