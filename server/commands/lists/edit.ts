/** Changing a list anywhere. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import { bytes, integer, key, oneOf, readInteger } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import { INDEX_OUT_OF_RANGE, NO_SUCH_KEY } from '../../resp/errors.js'
import { removeEmpty } from './end.js'

export const lSet = command('LSET', {
  does: 'Puts an element in the place of another, by its index.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(N) where N is the number of nodes to pass on the way to the element: O(1) for the ends.',
  flags: ['write', 'denyoom'],
  args: { key: key('RW', 'update'), index: bytes(), element: bytes() },
  run(ctx, { key, index, element }) {
    const ref = ctx.db.writeTyped(key, Type.list)
    if (ref === 0) throw NO_SUCH_KEY
    if (!ctx.keyspace.lists.set(ref, readInteger(index), element)) throw INDEX_OUT_OF_RANGE
    ctx.reply.ok()
    ctx.db.changed(key, Event.list, 'lset')
  },
})

export const lInsert = command('LINSERT', {
  does: 'Puts an element before or behind the first that equals another.',
  since: '2.2.0',
  group: 'list',
  complexity: 'O(N) where N is the number of elements to pass on the way to the pivot.',
  flags: ['write', 'denyoom'],
  args: { key: key('RW', 'insert'), where: oneOf(['BEFORE', 'AFTER']), pivot: bytes(), element: bytes() },
  run(ctx, { key, where, pivot, element }) {
    const { lists } = ctx.keyspace
    const ref = ctx.db.writeTyped(key, Type.list)
    if (ref === 0) {
      ctx.reply.int(0)
    } else if (lists.insert(ref, pivot, where === 'AFTER', element)) {
      ctx.reply.int(lists.length(ref))
      ctx.db.changed(key, Event.list, 'linsert')
      ctx.engine.waiting.signal(ctx.db, key)
    } else {
      ctx.reply.int(-1)
    }
  },
})

export const lRem = command('LREM', {
  does: 'Removes elements that equal one: so many from the head, or from the tail, or all.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(N+M) where N is the length of the list and M is the number of elements removed.',
  flags: ['write'],
  args: { key: key('RW', 'delete'), count: integer(), element: bytes() },
  run(ctx, { key, count, element }) {
    const { db, keyspace, reply } = ctx
    const ref = db.writeTyped(key, Type.list)
    const limit = count === 0 ? Infinity : Math.abs(count)
    const removed = ref === 0 ? 0 : keyspace.lists.remove(ref, element, limit, count >= 0)
    reply.int(removed)
    if (removed === 0) return
    db.changed(key, Event.list, 'lrem')
    keyspace.dirty += removed - 1
    removeEmpty(ctx, key, ref)
  },
})

export const lTrim = command('LTRIM', {
  does: 'Removes all elements but those from one index to another.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(N) where N is the number of elements removed.',
  flags: ['write'],
  args: { key: key('RW', 'delete'), start: integer(), stop: integer() },
  run(ctx, { key, start, stop }) {
    const { db, keyspace, reply } = ctx
    const { lists } = keyspace
    const ref = db.writeTyped(key, Type.list)
    reply.ok()
    if (ref === 0) return
    const length = lists.length(ref)
    const first = Math.max(start < 0 ? start + length : start, 0)
    const last = Math.min(stop < 0 ? stop + length : stop, length - 1)
    const kept = Math.max(last - first + 1, 0)
    const before = kept === 0 ? length : first
    lists.drop(ref, before, true)
    if (kept > 0) lists.drop(ref, length - 1 - last, false)
    db.changed(key, Event.list, 'ltrim')
    keyspace.dirty += length - kept - 1
    removeEmpty(ctx, key, ref)
  },
})
