import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const key = (d: Draw): string => d.key('lex')

/** Lex ranges mean something only where all scores are equal, so these have keys of their own: see veto.ts. */
export const lexRanges: Family = {
  name: 'lex ranges',
  weight: 1,
  makers: [
    d => ['ZADD', key(d), ...d.several(5, () => ['0', d.member()]).flat()],
    d => ['ZADD', key(d), ...d.several(160, () => ['0', `${d.below(1000)}`]).flat()],
    d => ['ZREM', key(d), ...d.several(4, () => d.member())],
    d => ['ZCARD', key(d)],
    d => ['ZLEXCOUNT', key(d), bound(d), bound(d)],
    d => ['ZRANGE', key(d), bound(d), bound(d), 'BYLEX', ...d.maybe('REV'), ...limit(d)],
    d => [d.pick(['ZRANGEBYLEX', 'ZREVRANGEBYLEX']), key(d), bound(d), bound(d), ...limit(d)],
    d => ['ZREMRANGEBYLEX', key(d), bound(d), bound(d)],
    d => ['ZRANGESTORE', key(d), key(d), bound(d), bound(d), 'BYLEX', ...d.maybe('REV'), ...limit(d)],
    d => ['ZRANGESTORE', key(d), key(d), d.index(), d.index(), ...d.maybe('REV')],
    d => [d.pick(['ZRANK', 'ZREVRANK', 'ZSCORE']), key(d), d.member()],
    d => [d.pick(['ZPOPMIN', 'ZPOPMAX']), key(d), ...d.maybe(d.count())],
    d => ['ZREMRANGEBYRANK', key(d), d.index(), d.index()],
  ],
}

const limit = (d: Draw): readonly string[] => d.maybe('LIMIT', d.index(), d.index())

function bound(d: Draw): string {
  return d.once(5) ? d.pick(['-', '+']) : d.pick(['[', '(']) + d.member()
}
