/** HELP of a command with subcommands, in Redis' form: a line for each subcommand and, indented, what it does. */

import { type Command, type CommandGroup, subcommand } from '../engine/command.js'
import type { Context } from '../engine/context.js'
import { syntaxOf } from '../engine/syntax.js'

/** The HELP subcommand: its text follows from how its siblings are declared. `acl`: as of any command. */
export function help(group: CommandGroup, since: string, acl: readonly string[] = []): Command {
  return subcommand('HELP', {
    does: 'Shows the subcommands.',
    since,
    group,
    complexity: 'O(1)',
    flags: ['loading', 'stale'],
    acl,
    run(ctx) {
      const { parent } = ctx.command
      if (parent !== null)
        replyHelp(ctx, parent.name.toUpperCase(), [...parent.subcommands.values()].flatMap(linesOf))
    },
  })
}

function linesOf({ name, docs, options }: Command): string[] {
  if (name === 'help') return []
  return [`${name.toUpperCase()} ${syntaxOf(docs)}`.trimEnd(), `    ${options.does}`]
}

/** Lines in the frame that is the same everywhere. */
export function replyHelp({ reply }: Context, name: string, lines: readonly string[]): void {
  const all = [
    `${name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
    ...lines,
    'HELP',
    '    Prints this help.',
  ]
  reply.array(all.length)
  for (const line of all) reply.simple(line)
}
