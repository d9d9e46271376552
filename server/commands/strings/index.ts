/** Strings: values of bytes, set and read whole or in part, counted with, compared. */

import type { Command } from '../../engine/command.js'
import { decr, decrBy, incr, incrBy, incrByFloat } from './counters.js'
import { delEx, delIfEq, getDel } from './delete.js'
import { digest, get, getEx, strLen } from './get.js'
import { incrEx } from './increx.js'
import { lcs } from './lcs.js'
import { mGet, mSet, mSetEx, mSetNx } from './many.js'
import { append, getRange, setRange, subStr } from './ranges.js'
import { getSet, pSetEx, set, setEx, setNx } from './set.js'

export const stringCommands: readonly Command[] = [
  get,
  getEx,
  getDel,
  getSet,
  set,
  setNx,
  setEx,
  pSetEx,
  mGet,
  mSet,
  mSetNx,
  mSetEx,
  strLen,
  append,
  getRange,
  subStr,
  setRange,
  incr,
  incrBy,
  decr,
  decrBy,
  incrByFloat,
  incrEx,
  digest,
  delEx,
  delIfEq,
  lcs,
]
