/**
 * Commands that wait for a key to hold something: BLPOP and its kin.
 *
 * Such a command first looks itself; only when there is nothing to be had it waits, and `serve` is called later, with
 * the key that became ready. Inside a transaction or a script nobody can wait: there it is as if the time were up.
 */

import type { Type } from '../data/entry.js'
import type { Context } from '../engine/context.js'
import type { Span } from '../lib/bytes.js'
import { parseDouble } from '../lib/double.js'
import { FLOAT_TEXT_MAX } from '../lib/float-text.js'
import { parseLongDouble } from '../lib/long-double.js'
import { TIMEOUT_NEGATIVE, TIMEOUT_NOT_FLOAT } from '../resp/errors.js'

/** What an int64 does not hold. */
const TIMEOUT_MAX_MS = 2 ** 63

export interface Blocking {
  /** What the keys must hold; left out: `serve` sees for itself. */
  readonly type?: Type
  readonly keys: readonly Span[]
  /** 0: for ever. */
  readonly timeoutMs: number
  /** Answers, now that `key` holds a value of the type; false when that is not enough yet. */
  readonly serve: (key: Span) => boolean
  /** Answers that the time is up. */
  readonly giveUp: () => void
  /** Unix ms at which `serve` may have an answer though nothing has come. Asked after each trial. */
  readonly dueMs?: () => number
}

/** What `blocking` needs later must not stand in the request: its words are gone by then. */
export function waitFor(ctx: Context, blocking: Blocking): void {
  const { engine, session, db, keyspace } = ctx
  const { timeoutMs, dueMs } = blocking
  if (ctx.nested) {
    blocking.giveUp()
    return
  }
  const deadlineMs = timeoutMs === 0 ? Infinity : engine.nowMs + timeoutMs
  const retryMs = dueMs && (() => engine.nowMs + dueMs() - keyspace.now)
  engine.waiting.wait(session, { ...blocking, kind: 'keys', db, deadlineMs, retryMs })
}

/** What a command takes from one of its keys, the first that has it. */
export interface Taking {
  readonly type: Type
  readonly keys: readonly Span[]
  /** 0: for ever. */
  readonly timeoutMs: number
  /** Answers with something of the value at `ref`, under `key`. */
  readonly take: (key: Span, ref: number) => void
  /** The answer within a transaction, where nobody waits. That the time is up is a null array in any case. */
  readonly none: 'null' | 'nullArray'
}

/** Takes from the first key that there is; otherwise from the one that comes to be first. */
export function takeOrWait(ctx: Context, { type, keys, timeoutMs, take, none }: Taking): void {
  const found = firstOf(ctx, type, keys)
  if (found !== null) {
    take(found.key, found.ref)
    return
  }
  const { session, reply } = ctx
  if (ctx.nested) {
    reply[none]()
    return
  }
  waitFor(ctx, {
    type,
    keys,
    timeoutMs,
    serve: key => {
      take(key, ctx.db.write(key))
      return true
    },
    giveUp: () => session.reply.nullArray(),
  })
}

/** The first key that there is, about to be changed, with its entry. Throws WRONG_TYPE. */
export function firstOf(
  { db }: Context,
  type: Type,
  keys: readonly Span[],
): { key: Span; ref: number } | null {
  for (const key of keys) {
    const ref = db.writeTyped(key, type)
    if (ref !== 0) return { key, ref }
  }
  return null
}

/** A timeout in seconds, with a fraction, as whole milliseconds. Those that no int64 holds count as negative. */
export function readTimeout(span: Span): number {
  const seconds = parseDouble(span)
  if (Number.isNaN(seconds)) throw isBeyondDouble(span) ? TIMEOUT_NEGATIVE : TIMEOUT_NOT_FLOAT
  const ms = Math.ceil(seconds * 1000)
  if (ms < 0 || ms >= TIMEOUT_MAX_MS) throw TIMEOUT_NEGATIVE
  return ms
}

/** Redis reads timeouts as long doubles: some of those are too large for ours. */
function isBeyondDouble(span: Span): boolean {
  const wide = span.length > FLOAT_TEXT_MAX ? null : parseLongDouble(span.latin1())
  return wide !== null && wide.mantissa !== 0n && wide.exponent > 0
}
