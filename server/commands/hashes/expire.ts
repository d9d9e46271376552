/** Times to live of fields: given, asked for, taken away. */

import { Type } from '../../data/entry.js'
import { NO_TIME } from '../../data/hash/field-entry.js'
import { type Command, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { type Condition, holds } from '../generic/expire-condition.js'
import { unread } from '../generic/unread.js'
import { BAD_FIELD_PARAMETER } from '../../resp/errors.js'
import { deadline, fieldCondition, fields, type TimeForm, timeForms } from './field-arguments.js'
import { FieldNames } from './field-names.js'
import { isPast, letDie, letLive } from './field-life.js'

/** What a field is answered that is not there. */
const NO_FIELD = -2
const CONDITION_FAILED = 0
const TIME_SET = 1
const DELETED = 2
const NO_TIME_TO_LIVE = -1
const PERSISTED = 1

export const hExpire = expiring('HEXPIRE', 'Gives fields so many seconds to live.', timeForms.ex)
export const hPExpire = expiring('HPEXPIRE', 'Gives fields so many milliseconds to live.', timeForms.px)
export const hExpireAt = expiring(
  'HEXPIREAT',
  'Lets fields live until a time in unix seconds.',
  timeForms.exat,
)
export const hPExpireAt = expiring('HPEXPIREAT', 'Lets fields live until a time in unix ms.', timeForms.pxat)

function expiring(name: string, does: string, form: TimeForm): Command {
  return command(name, {
    does,
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N), N being the fields given.',
    flags: ['write', 'fast'],
    args: {
      key: key('RW', 'update'),
      time: unread(form.absolute ? 'unix-time' : 'integer'),
      condition: fieldCondition(),
      fields: fields(1, BAD_FIELD_PARAMETER),
    },
    run(ctx, { key, time, condition, fields }) {
      limit(ctx, key, fields, deadline(ctx, time, form), condition)
    },
  })
}

/**
 * Lets those of the fields die at `at` that are there and meet the condition; answers what became of each. One that is
 * named again finds what became of it.
 */
function limit(ctx: Context, key: Span, fields: readonly Span[], at: number, condition: Condition): void {
  const { hashes } = ctx.keyspace
  const ref = ctx.db.writeTyped(key, Type.hash)
  const chosen = new FieldNames()
  const timeChosen = isPast(ctx, at) ? null : at
  ctx.reply.array(fields.length)
  for (const field of fields) {
    const before = ref === 0 ? null : hashes.time(ref, field)
    const current = chosen.has(field) ? timeChosen : before
    const outcome = current === null ? NO_FIELD : outcomeOf(ctx, condition, current, at)
    if (outcome > CONDITION_FAILED) chosen.add(field)
    ctx.reply.int(outcome)
  }
  letDie(ctx, key, ref, chosen.all, at)
}

function outcomeOf(ctx: Context, condition: Condition, current: number, at: number): number {
  if (!holds(condition, current, at)) return CONDITION_FAILED
  return isPast(ctx, at) ? DELETED : TIME_SET
}

export const hTtl = telling('HTTL', 'Tells how many seconds fields have to live.', timeForms.ex)
export const hPTtl = telling('HPTTL', 'Tells how many milliseconds fields have to live.', timeForms.px)
export const hExpireTime = telling('HEXPIRETIME', 'Tells when fields die, in unix seconds.', timeForms.exat)
export const hPExpireTime = telling('HPEXPIRETIME', 'Tells when fields die, in unix ms.', timeForms.pxat)

function telling(name: string, does: string, { unitMs, absolute }: TimeForm): Command {
  return command(name, {
    does,
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N), N being the fields given.',
    flags: ['readonly', 'fast'],
    ...(absolute ? {} : { tips: ['nondeterministic_output'] }),
    args: { key: key('RO', 'access'), fields: fields() },
    run(ctx, { key, fields }) {
      const ref = ctx.db.readTyped(key, Type.hash)
      const from = absolute ? 0 : ctx.now
      ctx.reply.array(fields.length)
      for (const field of fields) {
        const time = ref === 0 ? null : ctx.keyspace.hashes.time(ref, field)
        if (time === null) ctx.reply.int(NO_FIELD)
        else ctx.reply.int(time === NO_TIME ? NO_TIME_TO_LIVE : Math.ceil((time - from) / unitMs))
      }
    },
  })
}

export const hPersist = command('HPERSIST', {
  does: 'Takes the times to live from fields.',
  since: '7.4.0',
  group: 'hash',
  complexity: 'O(N), N being the fields given.',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'update'), fields: fields() },
  run(ctx, { key, fields }) {
    const ref = ctx.db.writeTyped(key, Type.hash)
    const mortal = new FieldNames()
    ctx.reply.array(fields.length)
    for (const field of fields) {
      const before = ref === 0 ? null : ctx.keyspace.hashes.time(ref, field)
      const time = mortal.has(field) ? NO_TIME : before
      if (time !== null && time !== NO_TIME) mortal.add(field)
      ctx.reply.int(time === null ? NO_FIELD : time === NO_TIME ? NO_TIME_TO_LIVE : PERSISTED)
    }
    letLive(ctx, key, ref, mortal.all)
  },
})
