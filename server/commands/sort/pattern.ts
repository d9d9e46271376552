/**
 * Patterns of BY and GET: `weight_*` is the string under the key in which the element stands for the asterisk,
 * `object_*->field` a field of the hash under such a key, `#` the element itself.
 */

import { Type } from '../../data/entry.js'
import type { Context } from '../../engine/context.js'
import { copyBytes, Mem, Span } from '../../lib/bytes.js'

const STAR = 42
const MINUS = 45
const GREATER = 62

/** Where its parts stand in the request. */
interface Pattern {
  readonly prefix: Span
  readonly suffix: Span
  readonly field: Span | null
}

/** Answers what a pattern means for an element, good until the next look; null when there is no such value. */
export type Lookup = (element: Span) => Span | null

/** `keys`: where the keys are put together, for any number of patterns: a command may have a hundred thousand. */
export function lookupBy(ctx: Context, pattern: Span, keys: KeyBuilder): Lookup {
  if (pattern.is('#')) return ITSELF
  const parsed = parse(pattern)
  if (parsed === null) return NO_VALUE
  return element => valueOf(ctx, keys.of(parsed, element), parsed.field)
}

export const ITSELF: Lookup = element => element
const NO_VALUE: Lookup = () => null

/** True when the pattern differs from element to element. */
export function varies(pattern: Span): boolean {
  return starIn(pattern) >= 0
}

/** Null for a pattern without an asterisk. */
function parse(pattern: Span): Pattern | null {
  const star = starIn(pattern)
  if (star < 0) return null
  const arrow = arrowBehind(pattern, star)
  const end = arrow < 0 ? pattern.length : arrow
  return {
    prefix: part(pattern, 0, star),
    suffix: part(pattern, star + 1, end),
    field: arrow < 0 ? null : part(pattern, arrow + 2, pattern.length),
  }
}

function starIn(pattern: Span): number {
  let at = 0
  while (at < pattern.length && pattern.at(at) !== STAR) at++
  return at < pattern.length ? at : -1
}

/** Where `->` stands that a field follows; -1: there is none. */
function arrowBehind(pattern: Span, star: number): number {
  for (let at = star + 1; at + 1 < pattern.length; at++) {
    if (pattern.at(at) !== MINUS || pattern.at(at + 1) !== GREATER) continue
    return at + 2 < pattern.length ? at : -1
  }
  return -1
}

const part = ({ mem, start }: Span, from: number, to: number): Span => new Span(mem, start + from, to - from)

/** The keys that patterns make of elements, one after the other in the same memory. */
export class KeyBuilder {
  private readonly key = Span.of('')

  of({ prefix, suffix }: Pattern, { mem, start, length }: Span): Span {
    const { key } = this
    const bytes = prefix.length + length + suffix.length
    if (key.mem.length < bytes) key.set(new Mem(new ArrayBuffer(bytes * 2)), 0, 0)
    prefix.copyTo(key.mem, 0)
    copyBytes(key.mem, prefix.length, mem, start, length)
    suffix.copyTo(key.mem, prefix.length + length)
    return key.set(key.mem, 0, bytes)
  }
}

function valueOf({ db, keyspace, span }: Context, key: Span, field: Span | null): Span | null {
  const ref = db.read(key)
  if (ref === 0) return null
  const type = keyspace.entries.type(ref)
  if (field !== null) return keyspace.kinds[type].field?.(ref, field, span) ?? null
  return type === Type.string ? keyspace.strings.view(ref, span) : null
}
