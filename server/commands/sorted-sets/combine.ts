/** ZUNION, ZINTER and ZDIFF: answered, stored, or counted. */

import { type Command, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { type Weighted, countCommon, intersect, subtract, unite } from './algebra.js'
import { type CombineOptions, type LateOptions, combineOptions, inputKeys } from './combine-arguments.js'
import { Result } from './result.js'
import { Source } from './source.js'

/** One of the three: how it fills a result. */
interface Operation {
  readonly name: 'ZUNION' | 'ZINTER' | 'ZDIFF'
  readonly what: string
  readonly complexity: string
  /** Members count by weight and are aggregated. */
  readonly weighted: boolean
  fill(sources: readonly Weighted[], options: CombineOptions, result: Result): void
}

const UNION: Operation = {
  name: 'ZUNION',
  what: 'all members of some sorted sets, their scores aggregated',
  complexity:
    'O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.',
  weighted: true,
  fill: (sources, { aggregate }, result) => unite(sources, aggregate, result),
}

const INTERSECTION: Operation = {
  name: 'ZINTER',
  what: 'the members that all of some sorted sets have, their scores aggregated',
  complexity:
    'O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.',
  weighted: true,
  fill: (sources, { aggregate }, result) => intersect(sources, aggregate, result),
}

const DIFFERENCE: Operation = {
  name: 'ZDIFF',
  what: 'the members of a sorted set that none of some others has',
  complexity:
    'O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.',
  weighted: false,
  fill: (sources, _, result) =>
    subtract(
      sources.map(({ source }) => source),
      result,
    ),
}

export const zUnion = answering(UNION)
export const zInter = answering(INTERSECTION)
export const zDiff = answering(DIFFERENCE)
export const zUnionStore = storing(UNION, '2.0.0')
export const zInterStore = storing(INTERSECTION, '2.0.0')
export const zDiffStore = storing(DIFFERENCE, '6.2.0')

export const zInterCard = command('ZINTERCARD', {
  does: 'Counts the members that all of some sorted sets have.',
  since: '7.0.0',
  group: 'sorted-set',
  complexity:
    'O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.',
  flags: ['readonly', 'movablekeys'],
  args: { key: inputKeys('zintercard'), options: combineOptions({ limited: true }) },
  run(ctx, { key: keys, options }) {
    const sources = keys.map(each => Source.at(ctx, each))
    const { limit } = options(keys.length)
    ctx.reply.int(countCommon(sources, limit === 0 ? Infinity : limit))
  },
})

function answering(operation: Operation): Command {
  const { name, what, complexity, weighted } = operation
  return command(name, {
    does: `Returns ${what}.`,
    since: '6.2.0',
    group: 'sorted-set',
    complexity,
    flags: ['readonly', 'movablekeys'],
    args: { key: inputKeys(name.toLowerCase()), options: combineOptions({ weighted, scored: true }) },
    run(ctx, { key: keys, options }) {
      const { sources, read } = look(ctx, keys, options)
      const result = Result.begin(ctx, null)
      operation.fill(sources, read, result)
      result.reply(read.withScores)
    },
  })
}

function storing(operation: Operation, since: string): Command {
  const { name, what, complexity, weighted } = operation
  const storeName = `${name}STORE`
  return command(storeName, {
    does: `Stores ${what}.`,
    since,
    group: 'sorted-set',
    complexity,
    flags: ['write', 'denyoom', 'movablekeys'],
    args: {
      destination: key('OW', 'update'),
      key: inputKeys(storeName.toLowerCase()),
      options: combineOptions({ weighted }),
    },
    run(ctx, { destination, key: keys, options }) {
      const { sources, read } = look(ctx, keys, options)
      const result = Result.begin(ctx, destination)
      operation.fill(sources, read, result)
      result.store(storeName.toLowerCase())
    },
  })
}

/** The keys first: a wrong type among them comes before a wrong option. */
function look(
  ctx: Context,
  keys: readonly Span[],
  options: LateOptions,
): { sources: Weighted[]; read: CombineOptions } {
  const sources = keys.map(each => Source.at(ctx, each))
  const read = options(keys.length)
  return { sources: sources.map((source, at) => ({ source, weight: read.weights?.[at] ?? 1 })), read }
}
