/** The append-only file's lines of INFO persistence. */

import type { InfoSection } from '../../server/engine/part.js'
import { AOF } from './aof.js'

export const aofSection: InfoSection = {
  name: 'persistence',
  default: true,
  *fields(engine) {
    const aof = engine.rooms.get(AOF)
    const { appender, rewrite } = aof
    const now = engine.clock.wallMs()
    yield ['aof_enabled', aof.state === 'off' ? 0 : 1]
    yield ['aof_rewrite_in_progress', rewrite === null ? 0 : 1]
    yield ['aof_rewrite_scheduled', aof.isDue ? 1 : 0]
    yield ['aof_last_rewrite_time_sec', seconds(aof.lastDurationMs)]
    yield ['aof_current_rewrite_time_sec', rewrite === null ? -1 : seconds(now - rewrite.startedMs)]
    yield ['aof_last_bgrewrite_status', aof.lastStatus]
    yield ['aof_rewrites', aof.rewrites]
    yield ['aof_rewrites_consecutive_failures', aof.failures]
    yield ['aof_last_write_status', appender.file.error === null && !aof.isDoubtful ? 'ok' : 'err']
    yield ['aof_last_cow_size', aof.lastEarlyBytes]
    if (aof.state === 'off') return
    yield ['aof_current_size', aof.currentBytes]
    yield ['aof_base_size', aof.baseBytes]
    yield ['aof_pending_rewrite', aof.isDue ? 1 : 0]
    yield ['aof_buffer_length', appender.pending]
    yield ['aof_pending_bio_fsync', appender.syncPending ? 1 : 0]
    yield ['aof_delayed_fsync', appender.stalls]
  },
}

/** -1: never. */
function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
