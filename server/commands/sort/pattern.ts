/**
 * Patterns of BY and GET: `weight_*` is the string under the key in which the element stands for the asterisk,
 * `object_*->field` a field of the hash under such a key, `#` the element itself.
 */

import { Type } from '../../data/entry.js'
import type { Context } from '../../engine/context.js'
import { copyBytes, Mem, Span } from '../../lib/bytes.js'

interface Pattern {
  readonly prefix: Span
  readonly suffix: Span
  readonly field: Span | null
}

/** Answers what a pattern means for an element, good until the next look; null when there is no such value. */
export type Lookup = (element: Span) => Span | null

export function lookupBy(ctx: Context, pattern: Span): Lookup {
  if (pattern.is('#')) return element => element
  const parsed = parse(pattern)
  if (parsed === null) return () => null
  const key = new KeyBuilder(parsed)
  return element => valueOf(ctx, key.of(element), parsed.field)
}

/** True when the pattern differs from element to element. */
export function varies(pattern: Span): boolean {
  return pattern.bytes().includes('*')
}

/** Null for a pattern without an asterisk. */
function parse(pattern: Span): Pattern | null {
  const bytes = pattern.bytes()
  const star = bytes.indexOf('*')
  if (star < 0) return null
  const arrow = bytes.indexOf('->', star + 1)
  const hasField = arrow >= 0 && arrow + 2 < bytes.length
  return {
    prefix: Span.of(bytes.subarray(0, star)),
    suffix: Span.of(bytes.subarray(star + 1, hasField ? arrow : undefined)),
    field: hasField ? Span.of(bytes.subarray(arrow + 2)) : null,
  }
}

/** The keys that a pattern makes of elements, one after the other in the same memory. */
class KeyBuilder {
  private readonly key: Span

  constructor(private readonly pattern: Pattern) {
    this.key = Span.of('')
  }

  of({ mem, start, length }: Span): Span {
    const { key, pattern } = this
    const { prefix, suffix } = pattern
    const bytes = prefix.length + length + suffix.length
    if (key.mem.length < bytes) {
      key.set(new Mem(new ArrayBuffer(bytes * 2)), 0, 0)
      prefix.copyTo(key.mem, 0)
    }
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
