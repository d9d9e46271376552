/** Asking for the places of members: as numbers, as text, and how far apart they are. */

import { distance } from '../../data/geo/distance.js'
import { type Position, positionOf, textOf } from '../../data/geo/geohash.js'
import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, optional, row } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { readUnit } from './read.js'
import { replyDistance, replyPosition } from './reply.js'

export const geoPos = command('GEOPOS', {
  does: 'Returns the longitudes and latitudes of members.',
  since: '3.2.0',
  group: 'geo',
  complexity: 'O(1) for each member requested.',
  flags: ['readonly'],
  args: { key: key('RO', 'access'), member: row(bytes(), 0) },
  run(ctx, { key, member: members }) {
    const ref = ctx.db.readTyped(key, Type.zset)
    ctx.reply.array(members.length)
    for (const member of members) {
      const position = positionIn(ctx, ref, member)
      if (position === null) ctx.reply.nullArray()
      else replyPosition(ctx.reply, position)
    }
  },
})

export const geoHash = command('GEOHASH', {
  does: 'Returns the places of members as geohashes in text.',
  since: '3.2.0',
  group: 'geo',
  complexity: 'O(1) for each member requested.',
  flags: ['readonly'],
  args: { key: key('RO', 'access'), member: row(bytes(), 0) },
  run(ctx, { key, member: members }) {
    const ref = ctx.db.readTyped(key, Type.zset)
    ctx.reply.array(members.length)
    for (const member of members) {
      const position = positionIn(ctx, ref, member)
      if (position === null) ctx.reply.null()
      else ctx.reply.text(textOf(position))
    }
  },
})

export const geoDist = command('GEODIST', {
  does: 'Returns the distance between two members.',
  since: '3.2.0',
  group: 'geo',
  complexity: 'O(1)',
  flags: ['readonly'],
  args: { key: key('RO', 'access'), member1: bytes(), member2: bytes(), unit: optional(bytes()) },
  run(ctx, { key, member1, member2, unit }) {
    const metres = unit === null ? 1 : readUnit(unit)
    const ref = ctx.db.readTyped(key, Type.zset)
    const from = positionIn(ctx, ref, member1)
    const to = positionIn(ctx, ref, member2)
    if (from === null || to === null) ctx.reply.null()
    else replyDistance(ctx.reply, distance(from, to) / metres)
  },
})

/** Where a member is; null when it is not there. */
export function positionIn({ keyspace }: Context, ref: number, member: Span): Position | null {
  const score = ref === 0 ? NaN : keyspace.sortedSets.seek(ref, member)
  return Number.isNaN(score) ? null : positionOf(score)
}
