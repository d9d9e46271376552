/** Fields and values, one by one or all together. */

import { Type } from '../../data/entry.js'
import type { FieldVisitor } from '../../data/hash/form.js'
import { type Command, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, row } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import type { Element } from '../../memory/element.js'

export const hGet = command('HGET', {
  does: 'Returns the value of a field.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access'), field: bytes() },
  hot(ctx) {
    replyValue(ctx, ctx.db.readTyped(ctx.word(1), Type.hash), ctx.word(2))
    return true
  },
  run(ctx, { key, field }) {
    replyValue(ctx, ctx.db.readTyped(key, Type.hash), field)
  },
})

export const hMGet = command('HMGET', {
  does: 'Returns the values of several fields.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1) for each field.',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access'), fields: row(bytes()) },
  run(ctx, { key, fields }) {
    const ref = ctx.db.readTyped(key, Type.hash)
    ctx.reply.array(fields.length)
    for (const field of fields) replyValue(ctx, ref, field)
  },
})

/** Answers a field's value; null when it, or the hash, is not there. */
export function replyValue({ reply, keyspace }: Context, ref: number, field: Span): void {
  const value = valueAt(keyspace.hashes, ref, field)
  if (value === null) reply.null()
  else reply.bulk(value.span())
}

function valueAt(hashes: Context['keyspace']['hashes'], ref: number, field: Span): Element | null {
  return ref === 0 ? null : hashes.get(ref, field)
}

export const hStrLen = command('HSTRLEN', {
  does: 'Returns the length of the value of a field in bytes.',
  since: '3.2.0',
  group: 'hash',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO'), field: bytes() },
  run(ctx, { key, field }) {
    const value = valueAt(ctx.keyspace.hashes, ctx.db.readTyped(key, Type.hash), field)
    ctx.reply.int(value === null ? 0 : value.span().length)
  },
})

export const hExists = command('HEXISTS', {
  does: 'Tells whether a hash has a field.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO'), field: bytes() },
  run(ctx, { key, field }) {
    const ref = ctx.db.readTyped(key, Type.hash)
    ctx.reply.int(ref !== 0 && ctx.keyspace.hashes.has(ref, field) ? 1 : 0)
  },
})

export const hLen = command('HLEN', {
  does: 'Counts the fields of a hash.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1); O(N) while fields are due that nobody removed yet.',
  flags: ['readonly', 'fast'],
  args: { key: key('RO') },
  run(ctx, { key }) {
    ctx.reply.int(sizeAt(ctx, ctx.db.readTyped(key, Type.hash)))
  },
})

export const hGetAll = command('HGETALL', {
  does: 'Lists all fields of a hash with their values.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(N), N being the fields.',
  flags: ['readonly'],
  tips: ['nondeterministic_output_order'],
  args: { key: key('RO', 'access') },
  run(ctx, { key }) {
    const { reply } = ctx
    const ref = ctx.db.readTyped(key, Type.hash)
    reply.map(sizeAt(ctx, ref))
    each(ctx, ref, (field, value) => {
      reply.bulk(field.span())
      reply.bulk(value.span())
      return undefined
    })
  },
})

export const hKeys = listing('HKEYS', 'Lists all fields of a hash.', field => field)
export const hVals = listing('HVALS', 'Lists the values of all fields of a hash.', (_, value) => value)

function listing(name: string, does: string, wanted: (field: Element, value: Element) => Element): Command {
  return command(name, {
    does,
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(N), N being the fields.',
    flags: ['readonly'],
    tips: ['nondeterministic_output_order'],
    args: { key: key('RO', 'access') },
    run(ctx, { key }) {
      const ref = ctx.db.readTyped(key, Type.hash)
      ctx.reply.array(sizeAt(ctx, ref))
      each(ctx, ref, (field, value) => {
        ctx.reply.bulk(wanted(field, value).span())
        return undefined
      })
    },
  })
}

function sizeAt({ keyspace }: Context, ref: number): number {
  return ref === 0 ? 0 : keyspace.hashes.size(ref)
}

function each({ keyspace }: Context, ref: number, visit: FieldVisitor): void {
  if (ref !== 0) keyspace.hashes.walk(ref, visit)
}
