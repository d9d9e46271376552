/** Subcommands of DEBUG that turn something on or off. */

import {
  type DebugSubcommand,
  type DebugSwitches,
  REPLY_BUFFER_PEAK_MS,
} from '../../../engine/debug-switches.js'
import { parseMemorySize } from '../../../lib/memory-size.js'
import { BAD_PACKED_THRESHOLD, misusedSubcommand } from '../../../resp/errors.js'

const PACKED_MAX = 2 ** 32

type Switch = {
  [K in keyof DebugSwitches]: DebugSwitches[K] extends boolean ? K : never
}[keyof DebugSwitches]

export const switches: readonly DebugSubcommand[] = [
  toggle('set-active-expire', 'Keys that are due are looked for in the background.', 'activeExpire'),
  toggle('pause-cron', 'The background work of the tick rests.', 'cronPaused'),
  toggle('set-disable-deny-scripts', 'Scripts may call all commands.', 'scriptsMayCallAll'),
  toggle(
    'set-skip-checksum-validation',
    'Files and payloads are read without checking sums.',
    'skipChecksums',
  ),
  toggle('dict-resizing', 'Tables may grow and shrink.', 'dictResizing'),
  {
    name: 'quicklist-packed-threshold',
    syntax: '<size>',
    does: 'Elements of lists that are as long as this get nodes of their own; 0: as usual.',
    words: [1, 1],
    run({ keyspace, reply }, [size]) {
      const bytes = parseMemorySize(size)
      if (!(bytes >= 0 && bytes < PACKED_MAX)) throw BAD_PACKED_THRESHOLD
      keyspace.lists.limits.setPlainMin(bytes)
      reply.ok()
    },
  },
  {
    name: 'replybuffer',
    syntax: 'PEAK-RESET-TIME <NEVER|RESET|milliseconds> | RESIZING <0|1>',
    does: 'Sets when a reply buffer forgets its peak, and whether it follows its use at all.',
    words: [2, 2],
    run({ engine, reply }, [what, value]) {
      const setting = what.toLowerCase()
      if (setting === 'resizing') engine.debug.replyBufferResizing = isOn(value)
      else if (setting === 'peak-reset-time') engine.debug.replyBufferPeakMs = peakTime(value)
      else throw misusedSubcommand('replybuffer', 'debug')
      reply.ok()
    },
  },
]

function toggle(name: string, does: string, key: Switch): DebugSubcommand {
  return {
    name,
    syntax: '<0|1>',
    does,
    words: [1, 1],
    run({ engine, reply }, [value]) {
      engine.debug[key] = isOn(value)
      reply.ok()
    },
  }
}

/** Whatever is no number is off. */
function isOn(value: string): boolean {
  return parseInt(value, 10) > 0
}

/** In ms; Infinity keeps the peak for ever. */
function peakTime(value: string): number {
  switch (value.toLowerCase()) {
    case 'never':
      return Infinity
    case 'reset':
      return REPLY_BUFFER_PEAK_MS
    default:
      return parseInt(value, 10) || 0
  }
}
