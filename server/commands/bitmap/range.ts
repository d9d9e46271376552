/**
 * A stretch of a string's bits: BITCOUNT and BITPOS.
 *
 * Start and end count bytes, or bits after BIT; both are included, and negative ones count from the end. The
 * words are checked before the key is looked at, as Redis does since 7.2.
 */

import { countBits, findBit } from '../../data/bits.js'
import { command } from '../../engine/command.js'
import { type Argument, group, integer, key, optional, readInteger, text } from '../../engine/grammar.js'
import { BIT_SOUGHT, SYNTAX } from '../../resp/errors.js'

/** How many bits one step of start and end is. */
type UnitBits = 1 | 8

function unit(): Argument<UnitBits> {
  const word = text()
  return {
    ...word,
    parse: words => {
      const name = word.parse(words).toLowerCase()
      if (name !== 'bit' && name !== 'byte') throw SYNTAX
      return name === 'bit' ? 1 : 8
    },
    doc: name => ({
      name,
      type: 'oneof',
      arguments: ['BYTE', 'BIT'].map(token => ({ name: token.toLowerCase(), type: 'pure-token', token })),
    }),
  }
}

/** Refused before the words behind it are looked at. */
function sought(): Argument<0 | 1> {
  const word = integer()
  return {
    ...word,
    parse: words => {
      const bit = word.parse(words)
      if (bit !== 0 && bit !== 1) throw BIT_SOUGHT
      return bit
    },
  }
}

const range = () => ({
  start: optional(integer()),
  end: optional(integer()),
  unit: optional(unit()),
})

interface Range {
  readonly start: number | null
  readonly end: number | null
  readonly unit: UnitBits | null
}

/** The same for BITPOS, which counts the words first, and looks at the unit before it looks at the end. */
function stretch(): Argument<Range> {
  const parts = range()
  const whole = group(parts)
  return {
    ...whole,
    max: Infinity,
    parse: words => {
      if (words.left > whole.max) throw SYNTAX
      const start = parts.start.parse(words)
      const last = words.left > 0 ? words.next() : null
      const unit = parts.unit.parse(words)
      return { start, end: last === null ? null : readInteger(last), unit }
    },
    doc: name => ({ ...whole.doc(name), optional: true }),
  }
}

export const bitcount = command('BITCOUNT', {
  does: 'Counts the bits that are 1, in a whole string or in a range of it.',
  since: '2.6.0',
  group: 'bitmap',
  complexity: 'O(N)',
  flags: ['readonly'],
  args: { key: key('RO', 'access'), ...range() },
  run(ctx, { key, start, end, unit }) {
    const value = ctx.db.readString(key, ctx.span)
    if (value === null || isBackwards(start, end)) return ctx.reply.int(0)
    const [first, last] = bitsOf(value.length, start, end, unit ?? 8)
    ctx.reply.int(countBits(value, first, last))
  },
})

export const bitpos = command('BITPOS', {
  does: 'Finds the first bit that is 1, or that is 0. A string without an end given goes on with zeros.',
  since: '2.8.7',
  group: 'bitmap',
  complexity: 'O(N)',
  flags: ['readonly'],
  args: { key: key('RO', 'access'), bit: sought(), range: stretch() },
  run(ctx, { key, bit, range: { start, end, unit } }) {
    const value = ctx.db.readString(key, ctx.span)
    if (value === null) return ctx.reply.int(bit === 1 ? -1 : 0)
    const [first, last] = bitsOf(value.length, start, end, unit ?? 8)
    ctx.reply.int(findBit(value, bit, first, last, end === null))
  },
})

/** Two ends counted from the back in the wrong order: empty, even where both lie before the beginning. */
function isBackwards(start: number | null, end: number | null): boolean {
  return start !== null && end !== null && end < 0 && start < 0 && start > end
}

/** The first and the last bit of a range of a string of `length` bytes; nothing when the first lies behind. */
function bitsOf(
  length: number,
  start: number | null,
  end: number | null,
  unitBits: UnitBits,
): [number, number] {
  const total = (length * 8) / unitBits
  const first = fromFront(start ?? 0, total)
  const last = Math.min(fromFront(end ?? -1, total), total - 1)
  return [first * unitBits, last * unitBits + unitBits - 1]
}

function fromFront(index: number, total: number): number {
  return index < 0 ? Math.max(0, total + index) : index
}
