/** What COMMAND INFO says of a command: ten elements, in the shape that clients know. */

import { ACL_CATEGORIES, aclCategories } from '../../engine/acl-categories.js'
import type { Command, CommandFlag } from '../../engine/command.js'
import { hasMovableKeys, legacyRange } from '../../engine/command-keys.js'
import type { KeyBegin, KeyFind, KeySpec } from '../../engine/key-specs.js'
import type { TableEntry } from '../../engine/table.js'
import type { ReplyWriter } from '../../resp/reply.js'

/** Flags that are nobody's business outside. */
const HIDDEN: ReadonlySet<CommandFlag> = new Set<CommandFlag>([
  'protected',
  'may_replicate',
  'sentinel',
  'only_sentinel',
])

export function replyInfo(reply: ReplyWriter, entry: TableEntry | null): void {
  if (entry === null) {
    reply.null()
    return
  }
  const { command } = entry
  const { first, last, step } = legacyRange(command)
  reply.array(10)
  reply.text(command.parent === null ? entry.name : command.fullName)
  reply.int(command.arity)
  replyWords(reply, visibleFlags(command))
  reply.int(first)
  reply.int(last)
  reply.int(step)
  replyCategories(reply, command)
  replyTips(reply, command)
  reply.set(command.keySpecs.length)
  for (const spec of command.keySpecs) replyKeySpec(reply, spec)
  replySubcommands(reply, entry)
}

/** As COMMAND shows them. */
export function visibleFlags(command: Command): string[] {
  const flags = [...command.flags].filter(flag => !HIDDEN.has(flag))
  return hasMovableKeys(command) && !command.has('movablekeys') ? [...flags, 'movablekeys'] : flags
}

function replyCategories(reply: ReplyWriter, command: Command): void {
  const categories = aclCategories(command)
  const shown = ACL_CATEGORIES.filter(category => categories.has(category))
  replyWords(
    reply,
    shown.map(category => `@${category}`),
  )
}

function replyTips(reply: ReplyWriter, { options: { tips = [] } }: Command): void {
  reply.set(tips.length)
  for (const tip of tips) reply.text(tip)
}

function replySubcommands(reply: ReplyWriter, { subcommands }: TableEntry): void {
  if (subcommands.size === 0) reply.set(0)
  else reply.array(subcommands.size)
  for (const sub of subcommands.values()) replyInfo(reply, sub)
}

function replyKeySpec(reply: ReplyWriter, { notes, flags, begin, find }: KeySpec): void {
  reply.map(notes === undefined ? 3 : 4)
  if (notes !== undefined) {
    reply.text('notes')
    reply.text(notes)
  }
  reply.text('flags')
  replyWords(reply, flags)
  replyStep(reply, 'begin_search', ...beginning(begin))
  replyStep(reply, 'find_keys', ...finding(find))
}

/** A step of a search for keys: its type, and the figures that go with it. */
type SearchStep = readonly [type: string, figures: Readonly<Record<string, string | number>>]

function beginning(begin: KeyBegin): SearchStep {
  if ('index' in begin) return ['index', { index: begin.index }]
  if ('keyword' in begin) return ['keyword', { keyword: begin.keyword, startfrom: begin.from }]
  return ['unknown', {}]
}

function finding(find: KeyFind): SearchStep {
  if ('last' in find) return ['range', { lastkey: find.last, keystep: find.step, limit: find.limit }]
  if ('first' in find)
    return ['keynum', { keynumidx: find.countAt, firstkey: find.first, keystep: find.step }]
  return ['unknown', {}]
}

function replyStep(reply: ReplyWriter, name: string, ...[type, figures]: SearchStep): void {
  reply.text(name)
  reply.map(2)
  reply.text('type')
  reply.text(type)
  reply.text('spec')
  reply.map(Object.keys(figures).length)
  for (const [figure, value] of Object.entries(figures)) {
    reply.text(figure)
    if (typeof value === 'number') reply.int(value)
    else reply.text(value)
  }
}

function replyWords(reply: ReplyWriter, words: readonly string[]): void {
  reply.set(words.length)
  for (const word of words) reply.simple(word)
}
