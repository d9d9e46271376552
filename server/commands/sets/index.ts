/** Sets: distinct members without order. */

import type { Engine } from '../../engine/engine.js'
import type { Part } from '../../engine/part.js'
import { sDiff, sDiffStore, sInter, sInterStore, sUnion, sUnionStore } from './combine.js'
import { sDiffCard, sInterCard, sUnionCard } from './count.js'
import { sAdd, sCard, sIsMember, sMembers, sMIsMember, sMove, sRem } from './membership.js'
import { sPop, sRandMember } from './random.js'
import { sScan } from './scan.js'

export const setPart: Part = {
  name: 'sets',
  commands: [
    sAdd,
    sRem,
    sMove,
    sCard,
    sIsMember,
    sMIsMember,
    sMembers,
    sPop,
    sRandMember,
    sInter,
    sInterStore,
    sInterCard,
    sUnion,
    sUnionStore,
    sUnionCard,
    sDiff,
    sDiffStore,
    sDiffCard,
    sScan,
  ],
  install: followConfig,
}

function followConfig({ config, keyspace }: Engine): void {
  const { limits } = keyspace.sets
  const follow = (): null => {
    limits.maxIntsetEntries = config.values.setMaxIntsetEntries
    limits.maxListpackEntries = config.values.setMaxListpackEntries
    limits.maxListpackValue = config.values.setMaxListpackValue
    return null
  }
  follow()
  config.onAnyChange(['set-max-intset-entries', 'set-max-listpack-entries', 'set-max-listpack-value'], follow)
}
