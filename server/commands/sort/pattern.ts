/**
 * Patterns of BY and GET: `weight_*` is the string under the key in which the element stands for the asterisk,
 * `object_*->field` a field of the hash under such a key, `#` the element itself.
 */

import { Type } from '../../data/entry.js'
import type { Context } from '../../engine/context.js'
import { Span } from '../../lib/bytes.js'

interface Pattern {
  readonly prefix: string
  readonly suffix: string
  readonly field: Span | null
}

/** Answers what a pattern means for an element, as latin1; null when there is no such value. */
export type Lookup = (element: string) => string | null

export function lookupBy(ctx: Context, pattern: Span): Lookup {
  const text = pattern.latin1()
  if (text === '#') return element => element
  const parsed = parse(text)
  if (parsed === null) return () => null
  return element => valueOf(ctx, Span.of(parsed.prefix + element + parsed.suffix), parsed.field)
}

/** True when the pattern differs from element to element. */
export function varies(pattern: Span): boolean {
  return pattern.latin1().includes('*')
}

/** Null for a pattern without an asterisk. */
function parse(text: string): Pattern | null {
  const star = text.indexOf('*')
  if (star < 0) return null
  const arrow = text.indexOf('->', star + 1)
  const hasField = arrow >= 0 && arrow + 2 < text.length
  return {
    prefix: text.slice(0, star),
    suffix: text.slice(star + 1, hasField ? arrow : undefined),
    field: hasField ? Span.of(text.slice(arrow + 2)) : null,
  }
}

function valueOf({ db, keyspace, span }: Context, key: Span, field: Span | null): string | null {
  const ref = db.read(key)
  if (ref === 0) return null
  const type = keyspace.entries.type(ref)
  if (field !== null) return keyspace.kinds[type].field?.(ref, field, span)?.latin1() ?? null
  return type === Type.string ? keyspace.strings.view(ref, span).latin1() : null
}
