/**
 * Where two histories part: how much of what we hold another server holds as well.
 *
 * A server tells in INFO replication under which names it knows its history, and how far each of them is its own:
 *
 *     master_replid: B        master_repl_offset: 1200      all its bytes are of B
 *     master_replid2: A       second_repl_offset: 901       the first 900 of them are of A, too
 *
 * So does ours. For each name that both know, the shorter of the two stretches is common.
 */

import { type History, NO_REPLID, REPLID_DIGITS } from './history.js'

export interface Known {
  readonly history: History
  /** Bytes of it that are there. */
  readonly offset: number
}

/** How many bytes both share; null: the names have nothing in common. */
export function partingPoint(ours: Known, theirs: Known): number | null {
  let common: number | null = null
  for (const [name, ourBytes] of stretches(ours)) {
    for (const [theirName, theirBytes] of stretches(theirs)) {
      if (name === theirName) common = Math.max(common ?? 0, Math.min(ourBytes, theirBytes))
    }
  }
  return common
}

/** Names, and how many bytes of each are there. */
function stretches({ history, offset }: Known): [name: string, bytes: number][] {
  const { replid, replid2, offset2 } = history
  const all: [string, number][] = [[replid, offset]]
  if (offset2 >= 0 && replid2 !== NO_REPLID) all.push([replid2, Math.min(offset, offset2)])
  return all
}

/** Reads the lines of INFO replication; null when they do not say it. */
export function readKnown(lines: readonly string[]): Known | null {
  const fields = new Map(lines.map(line => line.split(':', 2) as [string, string]))
  const replid = fields.get('master_replid')
  const offset = Number(fields.get('master_repl_offset'))
  if (replid?.length !== REPLID_DIGITS || !Number.isSafeInteger(offset)) return null
  const second = Number(fields.get('second_repl_offset') ?? -1)
  const replid2 = fields.get('master_replid2') ?? NO_REPLID
  return { history: { replid, replid2, offset2: second > 0 ? second - 1 : -1 }, offset }
}
