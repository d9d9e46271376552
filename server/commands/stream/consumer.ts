/** The consumer of a command: whoever says its name is seen, and exists from then on. */

import type { Group } from '../../data/stream/groups.js'
import type { Context } from '../../engine/context.js'
import type { Span } from '../../lib/bytes.js'
import { tellAround } from './tell.js'

/** Makes the consumer if it is not there; answers whether it did. */
export function createConsumer(ctx: Context, key: Span, group: Group, name: Span): boolean {
  if (group.findConsumer(name) !== null) return false
  group.addConsumer(name, ctx.now)
  tellAround(ctx, key, 'xgroup-createconsumer')
  return true
}
