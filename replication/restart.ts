/**
 * What of the history outlives the process. A snapshot file says of which instant it is, `(repl-id, repl-offset)`, and
 * which database the stream speaks of there (`repl-stream-db`): so who starts from it knows what it holds.
 *
 *  - A replica asks to go on from there.
 *  - A master has written on, perhaps, after the file was made, and nobody knows what: it begins a history of its own,
 *    that shares with the old one what is in the file. A replica that had no more than that goes on. Keys whose time
 *    has come are left out as the file is loaded: their deaths are the first that the new history tells.
 *
 * An append-only file has no instant of its own; its manifest says of which one the data is when it ends in good order.
 *
 *      old replid   0 ------------ repl-offset ....... lost
 *                                       \
 *      new replid                        `--- DEL, DEL, ...
 */

import type { AuxFields } from '../persistence/rdb/encoder.js'
import { AOF } from '../persistence/aof/aof.js'
import { KEEPER } from '../persistence/rdb/keeper.js'
import type { Engine } from '../server/engine/engine.js'
import type { Place } from './history.js'
import type { Master } from './master.js'

/** An instant of a history, and the database of which its stream speaks there. */
export interface Landmark extends Place {
  readonly database: number
}

/** As it stands in a file; null where there is none, or half of one. */
export function landmarkOf(facts: ReadonlyMap<string, string>): Landmark | null {
  const replid = facts.get('repl-id') ?? ''
  const offset = Number(facts.get('repl-offset') ?? -1)
  if (!/^[0-9a-f]{40}$/.test(replid) || !Number.isSafeInteger(offset) || offset < 0) return null
  return { replid, offset, database: Math.max(0, Number(facts.get('repl-stream-db') ?? 0)) }
}

export function factsOf(landmark: Landmark | null): AuxFields {
  if (landmark === null) return []
  return [
    ['repl-stream-db', landmark.database],
    ['repl-id', landmark.replid],
    ['repl-offset', landmark.offset],
  ]
}

export function rememberHistory(engine: Engine, master: Master): void {
  rememberInFile(engine, master)
  rememberInLog(engine, master)
}

function rememberInLog({ rooms }: Engine, master: Master): void {
  rooms.find(AOF)?.remarks.push({
    tell: () => {
      const { landmark } = master
      return landmark === null ? '' : `history ${landmark.replid} ${landmark.offset} ${landmark.database}`
    },
    heed: text => {
      const [word, replid, offset, database] = text.split(' ')
      const facts = new Map([
        ['repl-id', replid],
        ['repl-offset', offset],
        ['repl-stream-db', database],
      ])
      const landmark = word === 'history' ? landmarkOf(facts) : null
      if (landmark !== null) master.goOnFrom(landmark)
    },
  })
}

function rememberInFile(engine: Engine, master: Master): void {
  const keeper = engine.rooms.find(KEEPER)
  if (keeper === null) return
  keeper.beforeLoad.push(() => master.beginToLoad())
  keeper.auxSources.push(() => factsOf(master.landmark))
  keeper.auxReaders.push(facts => {
    const landmark = landmarkOf(facts)
    if (landmark !== null) master.goOnFrom(landmark)
  })
}
