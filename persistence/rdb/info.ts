/** What INFO persistence says about snapshots and loading. */

import type { Engine } from '../../server/engine/engine.js'
import type { InfoField, InfoSection } from '../../server/engine/part.js'
import { loadingOf } from '../loading.js'
import { KEEPER, type SnapshotKeeper } from './keeper.js'
import { snapshotRuns } from './snapshot-run.js'

export const snapshotSection: InfoSection = {
  name: 'persistence',
  default: true,
  *fields(engine) {
    const loading = loadingOf(engine)
    yield ['loading', loading.active ? 1 : 0]
    yield ['async_loading', loading.aside ? 1 : 0]
    yield* underWay(engine)
    yield* saves(engine, engine.rooms.get(KEEPER))
    yield ['rdb_last_load_keys_expired', loading.keysExpired]
    yield ['rdb_last_load_keys_loaded', loading.keysLoaded]
    yield* loading.fields()
  },
}

/** The snapshot that is being taken, whoever wants it. Old forms of keys are all that is copied on write. */
function* underWay(engine: Engine): Generator<InfoField> {
  const run = snapshotRuns(engine).current
  const total = run?.keysTotal ?? 0
  const saved = run?.keysSaved ?? 0
  const early = run?.earlyBytes ?? 0
  yield ['current_cow_peak', early]
  yield ['current_cow_size', early]
  yield ['current_cow_size_age', 0]
  yield ['current_fork_perc', (total === 0 ? 0 : (saved / total) * 100).toFixed(2)]
  yield ['current_save_keys_processed', saved]
  yield ['current_save_keys_total', total]
  yield ['snapshot_buffer_bytes', run?.bufferBytes ?? 0]
}

function* saves(engine: Engine, keeper: SnapshotKeeper): Generator<InfoField> {
  const { saving, lastDurationMs } = keeper
  const now = engine.clock.wallMs()
  yield ['rdb_changes_since_last_save', keeper.changes]
  yield ['rdb_bgsave_in_progress', saving === null ? 0 : 1]
  yield ['rdb_last_save_time', Math.floor(keeper.lastSaveMs / 1000)]
  yield ['rdb_last_bgsave_status', keeper.lastStatus]
  yield ['rdb_last_bgsave_time_sec', lastDurationMs < 0 ? -1 : Math.floor(lastDurationMs / 1000)]
  yield ['rdb_current_bgsave_time_sec', saving === null ? -1 : Math.floor((now - saving.startedMs) / 1000)]
  yield ['rdb_saves', keeper.saves]
  yield ['rdb_last_cow_size', keeper.lastEarlyBytes]
}
