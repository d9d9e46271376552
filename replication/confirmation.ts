/** What clients may ask about their writes, as a part of the server: CLIENT ACKS, CLIENT OFFSET, WAITOFFSET. */

import type { Engine } from '../server/engine/engine.js'
import type { Part } from '../server/engine/part.js'
import type { Session } from '../server/engine/session.js'
import { ACKS, Acks, acksGate } from './acks.js'
import type { History } from './history.js'
import { MASTER } from './master.js'
import { writePlace } from './place.js'
import { waitoffset } from './wait-offset.js'

/** Installed before replication: what it asks of the replicas at the end of a turn goes out with that turn. */
export const confirmationPart: Part = {
  name: 'confirmation of writes',
  commands: [waitoffset],
  gates: [acksGate],

  install(engine) {
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
