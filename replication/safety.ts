/**
 * What keeps people from losing writes unawares, as a part of the server: replies that wait for replicas (acks.ts), reads
 * that wait for writes (wait-offset.ts), the guard against empty masters (empty-master.ts), and the file of what a new
 * master never saw (split-brain.ts).
 */

import type { Engine } from '../server/engine/engine.js'
import type { InfoSection, Part } from '../server/engine/part.js'
import type { Session } from '../server/engine/session.js'
import { ACKS, Acks, acksGate } from './acks.js'
import { EMPTY_MASTERS, EmptyMasters } from './empty-master.js'
import type { History } from './history.js'
import { MASTER } from './master.js'
import { writePlace } from './place.js'
import { SPLIT_BRAINS, SplitBrains } from './split-brain.js'
import { waitoffset } from './wait-offset.js'

/** Told behind what everybody looks for in this section, so replication lists it. */
export const safetySection: InfoSection = {
  name: 'replication',
  default: true,
  *fields({ rooms }) {
    const { files, writes, last } = rooms.get(SPLIT_BRAINS)
    yield ['replica_refused_empty_masters', rooms.get(EMPTY_MASTERS).refused]
    yield ['split_brain_files', files]
    yield ['split_brain_writes', writes]
    yield ['split_brain_last_file', last]
  },
}

/** Installed before replication: what it asks of the replicas at the end of a turn goes out with that turn. */
export const safetyPart: Part = {
  name: 'safety of replication',
  commands: [waitoffset],
  gates: [acksGate],

  install(engine) {
    engine.rooms.put(EMPTY_MASTERS, new EmptyMasters(engine))
    engine.rooms.put(SPLIT_BRAINS, new SplitBrains(engine))
    const acks = engine.rooms.put(ACKS, new Acks(engine, () => countHistory(engine)))
    engine.acknowledgements = {
      ...engine.acknowledgements,
      demand: (session, demand) => acks.demand(session, demand),
      place: session => placeOf(engine, session),
    }
    engine.onConfirmed.push(() => acks.confirm())
    engine.onReset.push(session => acks.demand(session, null))
    engine.endOfTurn.push(() => acks.endTurn())
    engine.endOfTurn.push(offsetWatch(engine))
  },
}

/** Counting begins with the first replica unless somebody wants to know before. */
function countHistory({ role, rooms }: Engine): void {
  if (role === 'master') rooms.get(MASTER).openStream()
}

function placeOf(engine: Engine, session: Session): string {
  countHistory(engine)
  const { history, offset } = engine.rooms.get(MASTER)
  return writePlace({
    replid: history.replid,
    offset: engine.role === 'master' ? session.replicatedTo : offset,
  })
}

/** Serves those who wait for an offset once the history has moved. */
function offsetWatch({ rooms, waiting }: Engine): () => void {
  let seenOffset = -1
  let seenHistory: History | null = null
  return () => {
    if (waiting.blocked === 0) return
    const { offset, history } = rooms.get(MASTER)
    if (offset === seenOffset && history === seenHistory) return
    seenOffset = offset
    seenHistory = history
    waiting.retry('offset')
  }
}
