/**
 * SORT: the elements of a list, a set or a sorted set in another order, or other values in that order.
 *
 * The elements are copied out before anything else is looked at: BY and GET read other keys, whose time may have come,
 * and STORE may overwrite the very key that is sorted.
 */

import { Type } from '../../data/entry.js'
import { LIST_ROOM } from '../../data/list/lists.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key } from '../../engine/grammar.js'
import type { KeySpec } from '../../engine/key-specs.js'
import { Event } from '../../keyspace/events.js'
import { Span } from '../../lib/bytes.js'
import { SORT_BY_IN_CLUSTER, SORT_GET_IN_CLUSTER, WRONG_TYPE } from '../../resp/errors.js'
import { storeEntry, storeNothing } from '../generic/replacement.js'
import { type SortOptions, sortKeys, sortOptions } from './options.js'
import { sorted } from './order.js'
import { lookupBy, varies } from './pattern.js'

const SORTED_KEY: KeySpec = {
  flags: ['RO', 'access'],
  begin: { index: 1 },
  find: { last: 0, step: 1, limit: 0 },
}
const PATTERN_KEYS: KeySpec = {
  flags: ['RO', 'access'],
  begin: { unknown: true },
  find: { unknown: true },
  notes: 'The keys that BY and GET read depend on what the elements are.',
}
const STORE_KEY: KeySpec = {
  flags: ['OW', 'update'],
  begin: { unknown: true },
  find: { unknown: true },
  notes: 'STORE may stand anywhere among the options.',
}
const ACL = ['set', 'sortedset', 'list', 'dangerous']
const COMPLEXITY =
  'O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements.'

export const sort = command('SORT', {
  does: 'Returns the elements of a list, a set or a sorted set in order, or stores them as a list.',
  since: '1.0.0',
  group: 'generic',
  complexity: COMPLEXITY,
  flags: ['write', 'denyoom'],
  acl: ACL,
  keySpecs: [SORTED_KEY, PATTERN_KEYS, STORE_KEY],
  keysOf: sortKeys,
  args: { key: key('RO', 'access'), options: sortOptions(true) },
  run(ctx, { key, options }) {
    const values = sortValues(ctx, key, options)
    if (options.store === null) replyValues(ctx, values)
    else storeValues(ctx, options.store, values)
  },
})

export const sortRo = command('SORT_RO', {
  does: 'As SORT, without STORE.',
  since: '7.0.0',
  group: 'generic',
  complexity: COMPLEXITY,
  flags: ['readonly'],
  acl: ACL,
  keySpecs: [SORTED_KEY, PATTERN_KEYS],
  keysOf: () => [1],
  args: { key: key('RO', 'access'), options: sortOptions(false) },
  run(ctx, { key, options }) {
    replyValues(ctx, sortValues(ctx, key, options))
  },
})

/** What the answer consists of; null: there is no such value. */
function sortValues(ctx: Context, key: Span, options: SortOptions): (string | null)[] {
  const { by, get, offset, count } = options
  if (ctx.engine.mode === 'cluster') refuseInCluster(options)
  const ref = ctx.db.read(key)
  const elements = ref === 0 ? [] : elementsOf(ctx, ref)
  const isSet = ref !== 0 && ctx.keyspace.entries.type(ref) === Type.set
  const ordered =
    by === null || varies(by) ? inOrder(ctx, elements, options) : asTheyAre(elements, isSet, options)
  const first = Math.max(offset, 0)
  const picked = ordered.slice(first, count < 0 ? undefined : first + count)
  if (get.length === 0) return picked
  const lookups = get.map(pattern => lookupBy(ctx, pattern))
  return picked.flatMap(element => lookups.map(lookup => lookup(element)))
}

function elementsOf({ keyspace }: Context, ref: number): string[] {
  const type = keyspace.entries.type(ref)
  const kind = keyspace.kinds[type]
  if (kind.elements === undefined) throw WRONG_TYPE
  const elements: string[] = []
  kind.elements(ref, element => elements.push(element.latin1()))
  return elements
}

function inOrder(ctx: Context, elements: string[], { by, alpha, descending }: SortOptions): string[] {
  return sorted(elements, { by: by === null ? null : lookupBy(ctx, by), alpha, descending })
}

/** BY without an asterisk. A set has no order of its own that replicas would share, so what is stored is sorted. */
function asTheyAre(elements: string[], isSet: boolean, { store, descending }: SortOptions): string[] {
  if (isSet) return store === null ? elements : sorted(elements, { by: null, alpha: true, descending })
  return descending ? elements.reverse() : elements
}

function refuseInCluster({ by, get }: SortOptions): void {
  if (by !== null && varies(by)) throw SORT_BY_IN_CLUSTER
  if (get.length > 0) throw SORT_GET_IN_CLUSTER
}

function replyValues({ reply }: Context, values: readonly (string | null)[]): void {
  reply.array(values.length)
  for (const value of values) {
    if (value === null) reply.null()
    else reply.text(value)
  }
}

/** What there is not becomes an empty element; nothing at all deletes the key. */
function storeValues(ctx: Context, key: Span, values: readonly (string | null)[]): void {
  const { keyspace, reply } = ctx
  reply.int(values.length)
  if (values.length === 0) {
    storeNothing(ctx, key)
    return
  }
  const { lists } = keyspace
  const ref = lists.init(keyspace.createEntry(key, Type.list, LIST_ROOM))
  for (const value of values) lists.push(ref, Span.of(value ?? ''), false)
  storeEntry(ctx, key, ref, Event.list, 'sortstore')
  keyspace.dirty += values.length - 1
}
