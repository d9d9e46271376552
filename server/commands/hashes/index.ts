/** Hashes: fields with values. */

import type { Engine } from '../../engine/engine.js'
import type { Part } from '../../engine/part.js'
import { hIncrBy, hIncrByFloat } from './count.js'
import {
  hExpire,
  hExpireAt,
  hExpireTime,
  hPersist,
  hPExpire,
  hPExpireAt,
  hPExpireTime,
  hPTtl,
  hTtl,
} from './expire.js'
import { hGetDel, hGetEx, hSetEx } from './get-and.js'
import { AllFieldsets, FIELDSETS, hImport } from './import.js'
import { hRandField } from './random.js'
import { hExists, hGet, hGetAll, hKeys, hLen, hMGet, hStrLen, hVals } from './read.js'
import { hScan } from './scan.js'
import { hDel, hMSet, hSet, hSetNx } from './write.js'

export const hashPart: Part = {
  name: 'hashes',
  commands: [
    hSet,
    hSetNx,
    hMSet,
    hGet,
    hMGet,
    hGetAll,
    hKeys,
    hVals,
    hLen,
    hStrLen,
    hExists,
    hDel,
    hIncrBy,
    hIncrByFloat,
    hRandField,
    hScan,
    hExpire,
    hPExpire,
    hExpireAt,
    hPExpireAt,
    hTtl,
    hPTtl,
    hExpireTime,
    hPExpireTime,
    hPersist,
    hGetDel,
    hGetEx,
    hSetEx,
    hImport,
  ],
  install(engine) {
    followConfig(engine)
    const fieldsets = engine.rooms.put(FIELDSETS, new AllFieldsets())
    engine.onReset.push(session => fieldsets.forget(session))
  },
}

function followConfig({ config, keyspace }: Engine): void {
  const { limits } = keyspace.hashes
  const follow = (): null => {
    limits.maxListpackEntries = config.values.hashMaxListpackEntries
    limits.maxListpackValue = config.values.hashMaxListpackValue
    return null
  }
  follow()
  config.onAnyChange(['hash-max-listpack-entries', 'hash-max-listpack-value'], follow)
}
