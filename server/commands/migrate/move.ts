/**
 * Moving keys to another server: what is sent, and what the answers mean.
 *
 *      AUTH? SELECT? RESTORE*     in one piece; one line of answer to each
 *
 * A key is gone here once the other server has said that it is there. When the connection breaks before the first
 * answer about a key, it is tried once more on a new one: a connection that was kept may have been closed by the
 * other side long ago.
 */

import type { Database } from '../../keyspace/database.js'
import type { Span } from '../../lib/bytes.js'
import type { Target } from '../../lib/network.js'
import { CommandText } from '../../resp/command-text.js'
import { type Peer, PeerError } from './peer.js'
import type { Peers } from './peers.js'

/** What MIGRATE has been asked for. The keys and their requests are copies. */
export interface Removal {
  readonly target: Target
  /** There. */
  readonly database: number
  readonly timeoutMs: number
  /** AUTH, if asked for. */
  readonly login: CommandText | null
  /** Here. */
  readonly from: Database
  readonly keys: readonly Span[]
  /** RESTORE of each key. */
  readonly restores: CommandText
}

export interface Outcome {
  /** Those that are there now. */
  readonly moved: readonly Span[]
  /** The error to answer with, code first, or null. */
  readonly error: string | null
}

/** Never rejects. */
export async function moveKeys(peers: Peers, removal: Removal): Promise<Outcome> {
  const first = await attempt(peers, removal)
  return first ?? (await attempt(peers, removal)) ?? failure([], 'reading')
}

/** Null: the connection broke before anything was done. */
async function attempt(peers: Peers, removal: Removal): Promise<Outcome | null> {
  const { target, timeoutMs } = removal
  const moved: Span[] = []
  let peer: Peer | null = null
  try {
    peer = await peers.reach(target, timeoutMs)
    return await talk(peer, removal, moved)
  } catch (error) {
    if (!(error instanceof PeerError)) throw error
    peer?.close()
    if (error.what === 'connecting')
      return { moved, error: 'IOERR error or timeout connecting to the client' }
    return error.timedOut || moved.length > 0 ? failure(moved, error.what) : null
  }
}

/** Rejects with a PeerError, having said what was moved until then. */
async function talk(peer: Peer, removal: Removal, moved: Span[]): Promise<Outcome> {
  const { login, database, keys, restores, timeoutMs } = removal
  const selects = peer.database !== database
  const requests = new CommandText()
  if (login !== null) requests.append(login)
  if (selects) requests.addSelect(database)
  requests.append(restores)
  peer.database = -1
  peer.send(requests.bytes)
  let refusal: string | null = null
  const preface = Number(login !== null) + Number(selects)
  for (let left = preface; left > 0; left--) refusal ??= refusalIn(await peer.line(timeoutMs))
  const barred = refusal !== null
  for (const key of keys) {
    const said = refusalIn(await peer.line(timeoutMs))
    refusal ??= said
    if (!barred && said === null) moved.push(key)
  }
  if (refusal !== null) return { moved, error: `ERR Target instance replied with error: ${refusal}` }
  peer.database = database
  return { moved, error: null }
}

const refusalIn = (line: string): string | null => (line.startsWith('-') ? line.slice(1) : null)

const failure = (moved: readonly Span[], what: string): Outcome => ({
  moved,
  error: `IOERR error or timeout ${what} to target instance`,
})
