/** The ACL categories of a command: what follows from its flags and group, and what it says of itself. */

import type { Command, CommandFlag, CommandGroup } from './command.js'

const BY_FLAG: readonly (readonly [flag: CommandFlag, ...categories: readonly string[]])[] = [
  ['write', 'write'],
  ['admin', 'admin', 'dangerous'],
  ['pubsub', 'pubsub'],
  ['blocking', 'blocking'],
]

const BY_GROUP: Readonly<Partial<Record<CommandGroup, string>>> = {
  generic: 'keyspace',
  string: 'string',
  list: 'list',
  set: 'set',
  'sorted-set': 'sortedset',
  hash: 'hash',
  bitmap: 'bitmap',
  hyperloglog: 'hyperloglog',
  geo: 'geo',
  stream: 'stream',
  scripting: 'scripting',
  transactions: 'transaction',
  connection: 'connection',
  array: 'array',
}

/** What a command is about, as opposed to what it may do. */
const SUBJECTS: ReadonlySet<string> = new Set(Object.values(BY_GROUP))

/** All categories that there are, in the order in which a command's are shown. */
export const ACL_CATEGORIES: readonly string[] = (
  'keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub admin fast slow blocking ' +
  'dangerous connection transaction scripting array'
).split(' ')

/** Without the `@`. A container has its speed and what it says of itself: its subcommands are judged each by itself. */
export function aclCategories(command: Command): ReadonlySet<string> {
  const categories = new Set<string>([command.has('fast') ? 'fast' : 'slow'])
  const own = command.options.acl ?? []
  for (const category of own) categories.add(category)
  if (isContainer(command)) return categories
  for (const [flag, ...implied] of BY_FLAG) if (command.has(flag)) implied.forEach(one => categories.add(one))
  const subject = BY_GROUP[command.group]
  if (subject !== undefined && !own.some(category => SUBJECTS.has(category))) categories.add(subject)
  if (command.has('readonly') && !categories.has('scripting')) categories.add('read')
  return categories
}

/** True for a command that does nothing without a subcommand. */
export function isContainer(command: Command): boolean {
  return command.subcommands.size > 0 && command.arity === -2
}
