/**
 * Commands that wait for a key to hold something: BLPOP and its kin.
 *
 * Such a command first looks itself; only when there is nothing to be had it waits, and `serve` is called later, with
 * the key that became ready. Inside a transaction or a script nobody can wait: there it is as if the time were up.
 */

import type { Type } from '../data/entry.js'
import type { Context } from '../engine/context.js'
import { readDouble } from '../engine/grammar.js'
import type { Span } from '../lib/bytes.js'
import { TIMEOUT_NEGATIVE, TIMEOUT_NOT_FLOAT, TIMEOUT_OUT_OF_RANGE } from '../resp/errors.js'

/** 2^63 - 1 milliseconds are more than any clock will count. */
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
}

/** What `blocking` needs later must not stand in the request: its words are gone by then. */
export function waitFor(ctx: Context, blocking: Blocking): void {
  const { engine, session, db } = ctx
  const { timeoutMs } = blocking
  if (ctx.nested) {
    blocking.giveUp()
    return
  }
  const deadlineMs = timeoutMs === 0 ? Infinity : engine.nowMs + timeoutMs
  engine.waiting.wait(session, { ...blocking, kind: 'keys', db, deadlineMs })
}

/** What a command takes from one of its keys, the first that has it. */
export interface Taking {
  readonly type: Type
  readonly keys: readonly Span[]
  /** 0: for ever. */
  readonly timeoutMs: number
  /** Answers with something of the value at `ref`, under `key`. */
  readonly take: (key: Span, ref: number) => void
  /** How it is answered that the time is up. */
  readonly none: 'null' | 'nullArray'
}

/** Takes from the first key that there is; otherwise from the one that comes to be first. */
export function takeOrWait(ctx: Context, { type, keys, timeoutMs, take, none }: Taking): void {
  const found = firstOf(ctx, type, keys)
  if (found !== null) {
    take(found.key, found.ref)
    return
  }
  const { session } = ctx
  waitFor(ctx, {
    type,
    keys,
    timeoutMs,
    serve: key => {
      take(key, ctx.db.write(key))
      return true
    },
    giveUp: () => session.reply[none](),
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

/** A timeout in seconds, with a fraction, as whole milliseconds. */
export function readTimeout(span: Span): number {
  const ms = Math.ceil(readDouble(span, TIMEOUT_NOT_FLOAT) * 1000)
  if (ms >= TIMEOUT_MAX_MS) throw TIMEOUT_OUT_OF_RANGE
  if (ms < 0) throw TIMEOUT_NEGATIVE
  return ms
}
