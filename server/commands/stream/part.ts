/** Streams: a log of entries that is appended to, read behind an id, and shared out among consumers. */

import type { Engine } from '../../engine/engine.js'
import type { Part } from '../../engine/part.js'
import { xAck, xAckDel, xNack } from './acknowledge.js'
import { xAdd } from './add.js'
import { xAutoClaim } from './auto-claim.js'
import { xClaim } from './claim.js'
import { xDel, xDelEx, xTrim } from './delete.js'
import { xGroup } from './group.js'
import { xCfgSet, xIdmpRecord } from './idempotence.js'
import { xInfo } from './info.js'
import { xPending } from './pending.js'
import { xLen, xRange, xRevRange } from './range.js'
import { xRead, xReadGroup } from './read.js'
import { xSetId } from './set-id.js'

export const streams: Part = {
  name: 'streams',
  commands: [
    xAdd,
    xLen,
    xRange,
    xRevRange,
    xDel,
    xDelEx,
    xTrim,
    xSetId,
    xCfgSet,
    xIdmpRecord,
    xRead,
    xReadGroup,
    xGroup,
    xAck,
    xAckDel,
    xNack,
    xPending,
    xClaim,
    xAutoClaim,
    xInfo,
  ],
  install(engine) {
    followConfig(engine)
  },
}

function followConfig({ config, keyspace }: Engine): void {
  const { limits } = keyspace.streams
  limits.bytes = config.values.streamNodeMaxBytes
  limits.entries = config.values.streamNodeMaxEntries
  config.onChange('stream-node-max-bytes', bytes => {
    limits.bytes = bytes
    return null
  })
  config.onChange('stream-node-max-entries', entries => {
    limits.entries = entries
    return null
  })
}
