/** Lists: elements in the order in which they were put, pushed and popped at both ends, waited for. */

import type { Engine } from '../../engine/engine.js'
import type { Part } from '../../engine/part.js'
import { lInsert, lRem, lSet, lTrim } from './edit.js'
import { blMove, brPopLPush, lMove, rPopLPush } from './move.js'
import { blMoveM, lMoveM } from './move-many.js'
import { blmPop, blPop, brPop, lPop, lmPop, rPop } from './pop.js'
import { lPush, lPushX, rPush, rPushX } from './push.js'
import { lIndex, lLen, lPos, lRange } from './read.js'

export const lists: Part = {
  name: 'lists',
  commands: [
    lPush,
    rPush,
    lPushX,
    rPushX,
    lPop,
    rPop,
    lmPop,
    blPop,
    brPop,
    blmPop,
    lLen,
    lIndex,
    lRange,
    lPos,
    lSet,
    lInsert,
    lRem,
    lTrim,
    lMove,
    rPopLPush,
    blMove,
    brPopLPush,
    lMoveM,
    blMoveM,
  ],
  install(engine) {
    followConfig(engine)
  },
}

function followConfig({ config, keyspace }: Engine): void {
  const { limits } = keyspace.lists
  limits.setListpackSize(config.values.listMaxListpackSize)
  limits.compressDepth = config.values.listCompressDepth
  config.onChange('list-max-listpack-size', size => {
    limits.setListpackSize(size)
    return null
  })
  config.onChange('list-compress-depth', depth => {
    limits.compressDepth = depth
    return null
  })
}
