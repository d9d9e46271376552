/** SYNC, PSYNC and REPLCONF: what replicas say to their master. */

import { command } from '../server/engine/command.js'
import type { Context } from '../server/engine/context.js'
import { bytes, group, readInteger, repeated, rest, text } from '../server/engine/grammar.js'
import type { Span } from '../server/lib/bytes.js'
import { parseInteger } from '../server/lib/integer.js'
import {
  FAILOVER_OF_MASTER,
  FAILOVER_OF_STRANGER,
  NOT_INTEGER,
  NO_MASTER_LINK,
  PENDING_OUTPUT,
  SYNC_WHILE_FAILING_OVER,
  SYNTAX,
  unknownReplconf,
} from '../server/resp/errors.js'
import { FAILOVER } from './failover.js'
import { FOLLOWER } from './follower.js'
import { MASTER, type Master } from './master.js'
import type { Place } from './history.js'
import type { Introduction } from './replica.js'

const masterOf = ({ engine }: Context): Master => engine.rooms.get(MASTER)

export const sync = command('SYNC', {
  does: 'Makes the connection that of a replica: all data, then all that is written.',
  since: '1.0.0',
  group: 'server',
  flags: ['admin', 'noscript', 'no_async_loading', 'no_multi'],
  run(ctx) {
    synchronize(ctx, null)
  },
})

export const psync = command('PSYNC', {
  does: 'As SYNC, but only what is missing when the replica has followed this history before.',
  since: '2.8.0',
  group: 'server',
  flags: ['admin', 'noscript', 'no_async_loading', 'no_multi'],
  args: { replicationid: text(), offset: bytes(), more: rest() },
  run(ctx, { replicationid, offset, more }) {
    if (ctx.session.feed !== null) return
    if (more.left > 0 && more.next().is('failover')) takeOver(ctx, replicationid)
    // The wire names the first byte wanted; -1 comes with a replid that nobody has.
    synchronize(ctx, { replid: replicationid, offset: readOffset(ctx, offset) - 1 })
  },
})

function synchronize(ctx: Context, asked: Place | null): void {
  const { session, engine } = ctx
  if (session.feed !== null) return
  if (engine.rooms.get(FAILOVER).underway) throw SYNC_WHILE_FAILING_OVER
  if (engine.role === 'replica' && !engine.rooms.get(FOLLOWER).online) throw NO_MASTER_LINK
  if (session.reply.length > 0) throw PENDING_OUTPUT
  masterOf(ctx).synchronize(session, asked)
}

function readOffset(ctx: Context, offset: Span): number {
  const value = parseInteger(offset)
  if (!Number.isNaN(value)) return value
  ctx.engine.log.warning(
    `Replica ${ctx.session.transport.address} asks for synchronization but with a wrong offset`,
  )
  throw NOT_INTEGER
}

/** Our master, which has stepped down, tells us to lead. */
function takeOver({ engine, session }: Context, replid: string): void {
  engine.log.warning(`Failover request received for replid ${replid}.`)
  if (engine.role === 'master') throw FAILOVER_OF_MASTER
  if (replid.toLowerCase() !== engine.replicationId) throw FAILOVER_OF_STRANGER
  engine.rooms.get(FOLLOWER).lead()
  engine.log.notice(`MASTER MODE enabled (failover request from '${session.transport.address}')`)
}

export const replconf = command('REPLCONF', {
  does: 'What a replica says of itself, and how far it is.',
  since: '3.0.0',
  group: 'server',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'loading', 'stale', 'allow_busy'],
  arity: -1,
  args: { options: repeated(group({ option: text(), value: bytes() }), 0) },
  run(ctx, { options }) {
    let silent = false
    for (const { option, value } of options) silent = configure(ctx, option.toLowerCase(), value) || silent
    if (!silent) ctx.reply.ok()
  },
})

/** True when it is not to be answered. */
function configure(ctx: Context, option: string, value: Span): boolean {
  const known = FACTS[option] as Fact | undefined
  if (known !== undefined) {
    known(masterOf(ctx).introduction(ctx.session), value)
    return false
  }
  if (option === 'ack' || option === 'fack') {
    acknowledge(ctx, option, value)
    return true
  }
  if (option === 'getack') {
    ctx.engine.rooms.get(FOLLOWER).askedBy(ctx.session)
    return true
  }
  throw unknownReplconf(option)
}

type Fact = (introduction: Introduction, value: Span) => void

const FACTS: Readonly<Record<string, Fact>> = {
  'listening-port': (introduction, value) => {
    introduction.port = readInteger(value)
  },
  'ip-address': (introduction, value) => {
    introduction.ip = value.latin1()
  },
  capa: (introduction, value) => {
    introduction.capabilities.add(value.latin1().toLowerCase())
  },
  'rdb-only': (introduction, value) => {
    introduction.snapshotOnly = readInteger(value) === 1
  },
  'rdb-filter-only': (_, value) => {
    if (value.length > 0) throw SYNTAX
  },
  version: () => undefined,
}

function acknowledge(ctx: Context, option: 'ack' | 'fack', value: Span): void {
  const offset = readInteger(value)
  masterOf(ctx).acknowledge(ctx.session, offset, option === 'fack' ? offset : null)
}
