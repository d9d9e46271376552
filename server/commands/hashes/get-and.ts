/** Reading fields and, in the same step, deleting them or changing how long they live; setting them for a time. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { type Argument, key, type Words } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { BAD_FIELD_TOTAL, ONE_FIELD_CONDITION, ONE_FIELD_LIFETIME } from '../../resp/errors.js'
import { deadline, fields, isNext, type TimeForm, timeForms } from './field-arguments.js'
import { FieldNames } from './field-names.js'
import { isPast, letDie, letLive, mortals, present, propagateKept, removeFields } from './field-life.js'
import { replyValue } from './read.js'
import { tellSet } from './tell.js'

export const hGetDel = command('HGETDEL', {
  does: 'Returns the values of fields, and removes the fields.',
  since: '8.0.0',
  group: 'hash',
  complexity: 'O(N), N being the fields given.',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'access', 'delete'), fields: fields() },
  run(ctx, { key, fields }) {
    const ref = ctx.db.writeTyped(key, Type.hash)
    replyOnce(ctx, ref, fields)
    removeFields(ctx, key, ref, unique(present(ctx, ref, fields)))
  },
})

export const hGetEx = command('HGETEX', {
  does: 'Returns the values of fields, and gives the fields a time to live or takes it away.',
  since: '8.0.0',
  group: 'hash',
  complexity: 'O(N), N being the fields given.',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'access', 'update'), lifetime: lifetime('persist'), fields: fields() },
  run(ctx, { key, lifetime, fields }) {
    const at =
      lifetime === null || lifetime.form === null ? null : deadline(ctx, lifetime.word, lifetime.form)
    const ref = ctx.db.writeTyped(key, Type.hash)
    if (at !== null && isPast(ctx, at)) replyOnce(ctx, ref, fields)
    else replyValues(ctx, ref, fields)
    const there = unique(present(ctx, ref, fields))
    if (at !== null) letDie(ctx, key, ref, there, at)
    else if (lifetime !== null) letLive(ctx, key, ref, mortals(ctx, ref, there))
  },
})

function replyValues(ctx: Context, ref: number, fields: readonly Span[]): void {
  ctx.reply.array(fields.length)
  for (const field of fields) replyValue(ctx, ref, field)
}

/** The values of fields that are to be removed: one that is named again is not there any more. */
function replyOnce(ctx: Context, ref: number, fields: readonly Span[]): void {
  const met = new FieldNames()
  ctx.reply.array(fields.length)
  for (const field of fields) {
    if (met.has(field)) ctx.reply.null()
    else replyValue(ctx, ref, field)
    met.add(field)
  }
}

/** A field that is named twice is changed once. */
function unique(fields: readonly Span[]): Span[] {
  const names = new FieldNames()
  for (const field of fields) names.add(field)
  return names.all
}

/** A time to live as an option; `form` null: the word that stands for none. */
type Lifetime = { readonly form: TimeForm; readonly word: Span } | { readonly form: null }

/** EX, PX, EXAT or PXAT with its number, or the word `other`; null when nothing is said. */
function lifetime(other: 'persist' | 'keepttl'): Argument<Lifetime | null> {
  return {
    min: 0,
    max: 2,
    parse: words => readLifetime(words, other),
    place: layout => {
      layout.position = 0
    },
    doc: name => ({
      name,
      type: 'oneof',
      optional: true,
      arguments: [
        ...Object.keys(timeForms).map(
          each => ({ name: each, type: 'integer', token: each.toUpperCase() }) as const,
        ),
        { name: other, type: 'pure-token', token: other.toUpperCase() },
      ],
    }),
  }
}

function readLifetime(words: Words, other: string): Lifetime | null {
  const token = Object.keys(timeForms).find(each => isNext(words, each))
  if (token !== undefined) {
    words.next()
    return { form: timeForms[token], word: words.next() }
  }
  if (!isNext(words, other)) return null
  words.next()
  return { form: null }
}

type FieldCondition = 'fnx' | 'fxx'

interface SetOptions {
  readonly condition: FieldCondition | null
  readonly lifetime: Lifetime | null
}

/** FNX or FXX and a lifetime, in any order, up to FIELDS. */
function setOptions(): Argument<SetOptions> {
  return {
    ...lifetime('keepttl'),
    max: 3,
    parse: words => {
      let condition: FieldCondition | null = null
      let chosen: Lifetime | null = null
      for (;;) {
        const said = readCondition(words)
        if (said !== null && condition !== null) throw ONE_FIELD_CONDITION
        const life = said === null ? readLifetime(words, 'keepttl') : null
        if (life !== null && chosen !== null) throw ONE_FIELD_LIFETIME
        if (said === null && life === null) return { condition, lifetime: chosen }
        condition = said ?? condition
        chosen = life ?? chosen
      }
    },
  }
}

function readCondition(words: Words): FieldCondition | null {
  for (const token of ['fnx', 'fxx'] as const) {
    if (!isNext(words, token)) continue
    words.next()
    return token
  }
  return null
}

export const hSetEx = command('HSETEX', {
  does: 'Gives fields their values and a time to live, if none or all of them are there when that is asked.',
  since: '8.0.0',
  group: 'hash',
  complexity: 'O(N), N being the fields given.',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'update'), options: setOptions(), pairs: fields(2, BAD_FIELD_TOTAL) },
  run(ctx, { key, options: { condition, lifetime }, pairs }) {
    const at =
      lifetime === null || lifetime.form === null ? null : deadline(ctx, lifetime.word, lifetime.form)
    const found = ctx.db.writeTyped(key, Type.hash)
    const allowed = condition === null || meets(ctx, found, pairs, condition)
    ctx.reply.int(allowed ? 1 : 0)
    if (allowed) setPairs(ctx, key, pairs, lifetime?.form === null, at)
  },
})

function meets(ctx: Context, ref: number, pairs: readonly Span[], condition: FieldCondition): boolean {
  const names = namesOf(pairs)
  const there = present(ctx, ref, names).length
  return condition === 'fnx' ? there === 0 : there === names.length
}

/** What others are told is as old as can be: HSET, and when the fields die. */
function setPairs(
  ctx: Context,
  key: Span,
  pairs: readonly Span[],
  keepsTime: boolean,
  at: number | null,
): void {
  const { db, keyspace } = ctx
  const ref = db.writeOrAdd(key, Type.hash)
  for (let i = 0; i < pairs.length; i += 2) keyspace.hashes.set(ref, pairs[i], pairs[i + 1], keepsTime)
  tellSet(ctx, key, pairs)
  if (keepsTime) return propagateKept(ctx, key, pairs)
  ctx.propagateList(['HSET', key, ...pairs])
  if (at !== null) letDie(ctx, key, ref, unique(namesOf(pairs)), at)
}

function namesOf(pairs: readonly Span[]): Span[] {
  return pairs.filter((_, index) => index % 2 === 0)
}
