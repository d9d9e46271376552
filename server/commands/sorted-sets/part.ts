/** Sorted sets: distinct members in the order of their scores. */

import type { Engine } from '../../engine/engine.js'
import type { Part } from '../../engine/part.js'
import { zAdd, zIncrBy } from './add.js'
import { zDiff, zDiffStore, zInter, zInterCard, zInterStore, zUnion, zUnionStore } from './combine.js'
import { zCard, zCount, zLexCount, zMScore, zRank, zRevRank, zScore } from './look.js'
import { bzPopMax, bzPopMin, bzmPop, zPopMax, zPopMin, zmPop } from './pop.js'
import { zRandMember } from './random.js'
import {
  zRange,
  zRangeByLex,
  zRangeByScore,
  zRangeStore,
  zRevRange,
  zRevRangeByLex,
  zRevRangeByScore,
} from './range.js'
import { zRem, zRemRangeByLex, zRemRangeByRank, zRemRangeByScore } from './remove.js'
import { zScan } from './scan.js'

export const sortedSetPart: Part = {
  name: 'sorted sets',
  commands: [
    zAdd,
    zIncrBy,
    zRem,
    zRemRangeByRank,
    zRemRangeByScore,
    zRemRangeByLex,
    zScore,
    zMScore,
    zCard,
    zCount,
    zLexCount,
    zRank,
    zRevRank,
    zRange,
    zRevRange,
    zRangeByScore,
    zRevRangeByScore,
    zRangeByLex,
    zRevRangeByLex,
    zRangeStore,
    zPopMin,
    zPopMax,
    zmPop,
    bzPopMin,
    bzPopMax,
    bzmPop,
    zRandMember,
    zUnion,
    zUnionStore,
    zInter,
    zInterStore,
    zInterCard,
    zDiff,
    zDiffStore,
    zScan,
  ],
  install: followConfig,
}

function followConfig({ config, keyspace }: Engine): void {
  const { limits } = keyspace.sortedSets
  const follow = (): null => {
    limits.maxListpackEntries = config.values.zsetMaxListpackEntries
    limits.maxListpackValue = config.values.zsetMaxListpackValue
    return null
  }
  follow()
  config.onAnyChange(['zset-max-listpack-entries', 'zset-max-listpack-value'], follow)
}
