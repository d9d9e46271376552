/** Keys whatever they hold: their names, their lives, their moves between databases and servers. */

import type { Command } from '../../engine/command.js'
import { flushall, flushdb, select, swapdb } from './databases.js'
import { dump, restore, restoreAsking } from './dump.js'
import { expire, expireat, persist, pexpire, pexpireat } from './expire.js'
import { del, exists, touch, type, unlink } from './keys.js'
import { object } from './object.js'
import { copy, move, rename, renamenx } from './transfer.js'
import { expiretime, pexpiretime, pttl, ttl } from './ttl.js'
import { wait, waitaof } from './wait.js'
import { dbsize, keys, randomkey, scan } from './walk.js'

export const genericCommands: readonly Command[] = [
  del,
  unlink,
  exists,
  type,
  touch,
  rename,
  renamenx,
  copy,
  move,
  keys,
  scan,
  randomkey,
  dbsize,
  expire,
  pexpire,
  expireat,
  pexpireat,
  persist,
  ttl,
  pttl,
  expiretime,
  pexpiretime,
  object,
  dump,
  restore,
  restoreAsking,
  select,
  swapdb,
  flushdb,
  flushall,
  wait,
  waitaof,
]
