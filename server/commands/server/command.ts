/** COMMAND: the command table, asked about itself. */

import { aclCategories } from '../../engine/acl-categories.js'
import { command, subcommand } from '../../engine/command.js'
import { commandKeys, type FoundKey, mayHaveKeys } from '../../engine/command-keys.js'
import type { Engine } from '../../engine/engine.js'
import { bytes, group, options, repeated, rest, text, token, type Words } from '../../engine/grammar.js'
import type { CommandTable, TableEntry } from '../../engine/table.js'
import { Span } from '../../lib/bytes.js'
import { globMatches } from '../../lib/glob.js'
import {
  BAD_COMMAND_LENGTH,
  BAD_COMMAND_WORDS,
  COMMAND_WITHOUT_KEYS,
  INVALID_COMMAND,
  SYNTAX,
} from '../../resp/errors.js'
import type { ReplyWriter } from '../../resp/reply.js'
import { help } from '../help.js'
import { replyDocs } from './command-docs.js'
import { replyInfo } from './command-info.js'

const common = { group: 'server', flags: ['loading', 'stale'], acl: ['connection'] } as const
const tips = ['nondeterministic_output_order']
const names = repeated(text(), 0)

const count = subcommand('COUNT', {
  ...common,
  does: 'Tells how many commands there are.',
  since: '2.8.13',
  complexity: 'O(1)',
  run({ reply, engine }) {
    reply.int(engine.table.size)
  },
})

const info = subcommand('INFO', {
  ...common,
  does: 'Returns arity, flags, keys and more of these commands, or of all.',
  since: '2.8.13',
  complexity: 'O(N) where N is the number of commands to look up',
  tips,
  args: { 'command-name': names },
  run({ reply, engine }, { 'command-name': asked }) {
    const entries =
      asked.length === 0 ? [...engine.table.entries()] : asked.map(name => named(engine.table, name))
    reply.array(entries.length)
    for (const entry of entries) replyInfo(reply, entry)
  },
})

const docs = subcommand('DOCS', {
  ...common,
  does: 'Returns what people want to know of these commands, or of all.',
  since: '7.0.0',
  complexity: 'O(N) where N is the number of commands to look up',
  tips,
  args: { 'command-name': names },
  run({ reply, engine: { table } }, { 'command-name': asked }) {
    const entries =
      asked.length === 0 ? [...table.entries()] : asked.flatMap(name => named(table, name) ?? [])
    reply.map(entries.length)
    for (const entry of entries) replyDocs(reply, entry)
  },
})

const list = subcommand('LIST', {
  ...common,
  does: 'Returns the names of the commands, or of those of a module, an ACL category or a pattern.',
  since: '7.0.0',
  complexity: 'O(N) where N is the total number of Redis commands',
  tips,
  args: { options: options({ filterby: token('FILTERBY', group({ by: bytes(), what: bytes() })) }) },
  run({ reply, engine }, { options: { filterby } }) {
    const passes = filterby === null ? () => true : filter(filterby.by, filterby.what)
    const found = [...engine.table.all()].filter(passes)
    reply.array(found.length)
    for (const entry of found) reply.text(entry.command.fullName)
  },
})

const getKeys = subcommand('GETKEYS', {
  ...common,
  does: 'Returns the keys among the words of a command.',
  since: '2.8.13',
  complexity: 'O(N) where N is the number of arguments to the command',
  args: { command: rest(1) },
  run({ reply, engine }, { command }) {
    const words = wordsOf(command)
    const keys = keysAmong(engine, words)
    reply.array(keys.length)
    for (const { position } of keys) reply.text(words[position])
  },
})

const getKeysAndFlags = subcommand('GETKEYSANDFLAGS', {
  ...common,
  does: 'Returns the keys among the words of a command, and what it does to each.',
  since: '7.0.0',
  complexity: 'O(N) where N is the number of arguments to the command',
  args: { command: rest(1) },
  run({ reply, engine }, { command }) {
    const words = wordsOf(command)
    const keys = keysAmong(engine, words)
    reply.array(keys.length)
    for (const key of keys) replyKey(reply, words, key)
  },
})

export const commandCommand = command('COMMAND', {
  does: 'Returns arity, flags, keys and more of all commands.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(N) where N is the total number of Redis commands',
  flags: ['loading', 'stale'],
  acl: ['connection'],
  tips,
  arity: -1,
  subcommands: [count, info, docs, list, getKeys, getKeysAndFlags, help('server', '5.0.0', ['connection'])],
  run({ reply, engine }) {
    reply.array(engine.table.size)
    for (const entry of engine.table.entries()) replyInfo(reply, entry)
  },
})

/** `config|get` names a subcommand, and nothing has more parts than two. */
function named(table: CommandTable, name: string): TableEntry | null {
  return name.split('|').length > 2 ? null : table.get(name)
}

function filter(by: Span, what: Span): (entry: TableEntry) => boolean {
  if (by.is('module')) return () => false
  if (by.is('aclcat')) {
    const category = what.latin1().toLowerCase()
    return ({ command }) => aclCategories(command).has(category)
  }
  if (by.is('pattern')) return ({ command }) => globMatches(what, Span.of(command.fullName), true)
  throw SYNTAX
}

function wordsOf({ request, at }: Words): string[] {
  return request.list(at).map(word => word.latin1())
}

/** The keys of a command given in words; what is wrong with it is thrown. */
function keysAmong({ table }: Engine, words: readonly string[]): FoundKey[] {
  const command = entryFor(table, words)?.command
  if (command === undefined) throw INVALID_COMMAND
  if (!mayHaveKeys(command)) throw COMMAND_WITHOUT_KEYS
  if (!command.takes(words.length)) throw BAD_COMMAND_LENGTH
  const keys = commandKeys(command, words) ?? []
  if (keys.length === 0 && !command.has('no_mandatory_keys')) throw BAD_COMMAND_WORDS
  return keys
}

function entryFor(table: CommandTable, [name, sub]: readonly (string | undefined)[]): TableEntry | null {
  const entry = table.get(name ?? '')
  if (entry === null || !entry.isContainer || sub === undefined) return entry
  return entry.subcommands.get(sub.toLowerCase()) ?? null
}

function replyKey(reply: ReplyWriter, words: readonly string[], { position, flags }: FoundKey): void {
  reply.array(2)
  reply.text(words[position])
  reply.set(flags.length)
  for (const flag of flags) reply.simple(flag)
}
