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
import { Gathered } from '../../lib/gathered.js'
import { firstIndexes } from '../../lib/radix-sort.js'
import { SORT_BY_IN_CLUSTER, SORT_GET_IN_CLUSTER, WRONG_TYPE } from '../../resp/errors.js'
import { storeEntry, storeNothing } from '../generic/replacement.js'
import { type SortOptions, sortKeys, sortOptions } from './options.js'
import { sorted } from './order.js'
import { ITSELF, KeyBuilder, type Lookup, lookupBy, varies } from './pattern.js'

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
    const answer = answerTo(ctx, key, options)
    if (options.store === null) replyAll(ctx, answer)
    else storeAll(ctx, options.store, answer)
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
    replyAll(ctx, answerTo(ctx, key, options))
  },
})

/** What the answer consists of: the elements in their order, each as itself or as what GET makes of it. */
interface Answer {
  readonly elements: Gathered
  readonly order: Uint32Array
  readonly lookups: readonly Lookup[]
}

/** Throws what may be wrong with the request. */
function answerTo(ctx: Context, key: Span, options: SortOptions): Answer {
  const { by, get } = options
  if (ctx.engine.mode === 'cluster') refuseInCluster(options)
  const ref = ctx.db.read(key)
  const elements = ref === 0 ? new Gathered() : elementsOf(ctx, ref)
  const isSet = ref !== 0 && ctx.keyspace.entries.type(ref) === Type.set
  const ordered =
    by === null || varies(by) ? inOrder(ctx, elements, isSet, options) : asTheyAre(elements, isSet, options)
  const keys = new KeyBuilder()
  const lookups = get.length === 0 ? [ITSELF] : get.map(pattern => lookupBy(ctx, pattern, keys))
  return { elements, order: part(ordered, options), lookups }
}

const lengthOf = ({ order, lookups }: Answer): number => order.length * lookups.length

/** Tells the values one by one; null: there is no such value. */
function tellAll({ elements, order, lookups }: Answer, tell: (value: Span | null) => void): void {
  const span = Span.of('')
  for (const index of order) for (const lookup of lookups) tell(lookup(elements.view(index, span)))
}

function elementsOf({ keyspace }: Context, ref: number): Gathered {
  const type = keyspace.entries.type(ref)
  const kind = keyspace.kinds[type]
  if (kind.elements === undefined) throw WRONG_TYPE
  const elements = new Gathered()
  kind.elements(ref, element => elements.add(element))
  return elements
}

/** Elements of a set come in an order that replicas do not share: it must not be that of those that weigh the same. */
function inOrder(
  ctx: Context,
  elements: Gathered,
  isSet: boolean,
  { by, alpha, descending }: SortOptions,
): Uint32Array {
  const lookup = by === null ? null : lookupBy(ctx, by, new KeyBuilder())
  return sorted(elements, { by: lookup, alpha, descending, settlesTies: isSet })
}

/** BY without an asterisk. A set has no order of its own that replicas would share, so what is stored is sorted. */
function asTheyAre(elements: Gathered, isSet: boolean, { store, descending }: SortOptions): Uint32Array {
  if (isSet && store !== null)
    return sorted(elements, { by: null, alpha: true, descending, settlesTies: true })
  const order = firstIndexes(elements.count)
  return descending && !isSet ? order.reverse() : order
}

function part(order: Uint32Array, { offset, count }: SortOptions): Uint32Array {
  const first = Math.max(offset, 0)
  return order.subarray(first, count < 0 ? undefined : first + count)
}

function refuseInCluster({ by, get }: SortOptions): void {
  if (by !== null && varies(by)) throw SORT_BY_IN_CLUSTER
  if (get.length > 0) throw SORT_GET_IN_CLUSTER
}

function replyAll({ reply }: Context, answer: Answer): void {
  reply.array(lengthOf(answer))
  tellAll(answer, value => (value === null ? reply.null() : reply.bulk(value)))
}

/** What there is not becomes an empty element; nothing at all deletes the key. */
function storeAll(ctx: Context, key: Span, answer: Answer): void {
  const { keyspace, reply } = ctx
  const length = lengthOf(answer)
  reply.int(length)
  if (length === 0) {
    storeNothing(ctx, key)
    return
  }
  const { lists } = keyspace
  const ref = lists.init(keyspace.createEntry(key, Type.list, LIST_ROOM))
  tellAll(answer, value => lists.push(ref, value ?? NOTHING, false))
  storeEntry(ctx, key, ref, Event.list, 'sortstore')
  keyspace.dirty += length - 1
}

const NOTHING = Span.of('')
