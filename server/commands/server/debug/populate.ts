/**
 * DEBUG POPULATE: many strings, quickly. Key and value are written into the same two stretches of memory again and
 * again, so that a million keys make no garbage.
 */

import { NEVER } from '../../../data/entry.js'
import type { Context } from '../../../engine/context.js'
import type { DebugSubcommand } from '../../../engine/debug-switches.js'
import { Mem, Span } from '../../../lib/bytes.js'
import { parseInteger, writeInteger } from '../../../lib/integer.js'
import { MUST_BE_POSITIVE } from '../../../resp/errors.js'

/** Room for the decimal digits of a key's number. */
const DIGITS_MAX = 20

export const populate: DebugSubcommand = {
  name: 'populate',
  syntax: '<count> [<prefix>] [<size>]',
  does: 'Makes strings <prefix>:<number>, those that exist excepted, and tells nobody of it.',
  words: [1, 3],
  run(ctx, [count, prefix = 'key', size]) {
    fill(ctx, positive(count), prefix, size === undefined ? null : positive(size))
    ctx.reply.ok()
  },
}

function positive(word: string): number {
  const value = parseInteger(Span.of(word))
  if (!(value >= 0)) throw MUST_BE_POSITIVE
  return value
}

/** Values are `value:<number>`, or that in `size` bytes. */
function fill({ db, keyspace }: Context, count: number, prefix: string, size: number | null): void {
  const key = new Numbered(`${prefix}:`, null)
  const value = new Numbered('value:', size)
  db.tables.keys.reserve(db.size + count)
  for (let number = 0; number < count; number++) {
    const name = key.with(number)
    if (db.find(name) !== 0) continue
    db.setString(name, value.with(number), NEVER)
    keyspace.listener.changed(db, name, false)
  }
}

/** Text with a number behind it, in one place of memory for all numbers. */
class Numbered {
  private readonly span: Span
  private readonly digitsAt: number

  constructor(
    text: string,
    private readonly size: number | null,
  ) {
    const bytes = Math.max(text.length + DIGITS_MAX, size ?? 0)
    const mem = new Mem(new ArrayBuffer((bytes + 7) & ~7))
    this.digitsAt = mem.u8.latin1Write(text)
    this.span = new Span(mem, 0, 0)
  }

  /** Good until the next call. Numbers must grow: shorter digits would leave old ones behind them. */
  with(number: number): Span {
    const end = writeInteger(number, this.span.mem.u8, this.digitsAt)
    this.span.length = this.size ?? end
    return this.span
  }
}
