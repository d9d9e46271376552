/** LPUSH, RPUSH and their forms that need a list to be there. */

import { Type } from '../../data/entry.js'
import { type Command, type CommandFlag, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, row } from '../../engine/grammar.js'
import { type End, listToFill, pushed } from './end.js'

const FLAGS: readonly CommandFlag[] = ['write', 'denyoom', 'fast']
const COMPLEXITY =
  'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.'

export const lPush = pushing(
  'LPUSH',
  'LEFT',
  '1.0.0',
  'Puts elements before all others of a list, one after the other.',
)
export const rPush = pushing('RPUSH', 'RIGHT', '1.0.0', 'Puts elements behind all others of a list.')
export const lPushX = pushingOnto('LPUSHX', 'LEFT', 'As LPUSH, if there is such a list.')
export const rPushX = pushingOnto('RPUSHX', 'RIGHT', 'As RPUSH, if there is such a list.')

function pushing(name: string, at: End, since: string, does: string): Command {
  return command(name, {
    does,
    since,
    group: 'list',
    complexity: COMPLEXITY,
    flags: FLAGS,
    args: { key: key('RW', 'insert'), element: row(bytes()) },
    hot(ctx) {
      pushAll(ctx, listToFill(ctx, ctx.word(1)), at)
      return true
    },
    run(ctx, { key }) {
      pushAll(ctx, listToFill(ctx, key), at)
    },
  })
}

function pushingOnto(name: string, at: End, does: string): Command {
  return command(name, {
    does,
    since: '2.2.0',
    group: 'list',
    complexity: COMPLEXITY,
    flags: FLAGS,
    args: { key: key('RW', 'insert'), element: row(bytes()) },
    run(ctx, { key }) {
      const ref = ctx.db.writeTyped(key, Type.list)
      if (ref === 0) ctx.reply.int(0)
      else pushAll(ctx, ref, at)
    },
  })
}

/** Pushes the words behind the key and answers the length. */
function pushAll(ctx: Context, ref: number, at: End): void {
  const { lists } = ctx.keyspace
  const { count } = ctx
  for (let i = 2; i < count; i++) lists.push(ref, ctx.word(i), at === 'LEFT')
  ctx.reply.int(lists.length(ref))
  pushed(ctx, ctx.word(1), at, count - 2)
}
