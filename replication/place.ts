/**
 * A place in a history, as clients carry it from one server to another: `replid:offset`.
 *
 *     master>   SET cart 7          replica>  WAITOFFSET 3f0e...:1047 100     1: what follows sees cart 7
 *     master>   CLIENT OFFSET       replica>  GET cart
 *     "3f0e...:1047"
 *
 * The name stands there because an offset alone says nothing once a failover has come between. A bare offset is
 * understood as one of the history that the server follows.
 */

import { type History, type Place, passesBy } from './history.js'

/** Reads `replid:offset`, or an offset of the present history; null when it is neither. */
export function readPlace(text: string, present: string): Place | null {
  const [, replid = present, digits] = /^(?:([0-9a-fA-F]{40}):)?(\d{1,15})$/.exec(text) ?? []
  return digits === undefined ? null : { replid: replid.toLowerCase(), offset: Number(digits) }
}

export const writePlace = ({ replid, offset }: Place): string => `${replid}:${offset}`

/**
 * Whether a server that holds `applied` bytes of a history holds what was written before a place.
 *
 * `not yet`: it may come with the stream, or with a history that this server will hear of. `never`: that history ended
 * here before it, so what was written is not in the one that goes on.
 */
export function reaches(history: History, applied: number, place: Place): 'yes' | 'not yet' | 'never' {
  const passes = passesBy(history, place)
  if (passes === 'parted') return 'never'
  return passes === 'yes' && applied >= place.offset ? 'yes' : 'not yet'
}
