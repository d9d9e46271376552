/**
 * Lines that are no settings: they declare something, cannot be read back by CONFIG GET, and belong to other
 * rooms. Those register what to do with them; a line that nobody registered for is refused.
 */
import type { ConfigLine } from './file.js'

/** Takes the words after the name, or answers why it cannot. */
export type Statement = (args: readonly string[], line: ConfigLine) => string | null

/** The fewest words after the name, and the most. */
const ARGUMENTS = {
  'rename-command': [2, 2],
  user: [1, Infinity],
  loadmodule: [1, Infinity],
  sentinel: [0, Infinity],
} as const satisfies Record<string, readonly [number, number]>

export type StatementName = keyof typeof ARGUMENTS

export function isStatement(name: string): name is StatementName {
  return Object.hasOwn(ARGUMENTS, name)
}

/** Directives of old that are taken with their one word and mean nothing any more. */
const FORGOTTEN: ReadonlySet<string> = new Set([
  'list-max-ziplist-entries',
  'list-max-ziplist-value',
  'lua-replicate-commands',
])

const BAD_DIRECTIVE = 'Bad directive or wrong number of arguments'

const DUPLICATE_USER = 'Duplicate user found. A user can only be defined once in config files'

export class Statements {
  /** Users of the text being read. */
  private readonly users = new Set<string>()
  private readonly registered = new Map<StatementName, Statement>([
    ['sentinel', args => (args.length === 0 ? null : 'sentinel directive while not in sentinel mode')],
    ['loadmodule', () => 'Modules cannot be loaded by this server'],
  ])

  on(name: StatementName, statement: Statement): void {
    this.registered.set(name, statement)
  }

  /** A new text begins. */
  begin(): void {
    this.users.clear()
  }

  take(line: ConfigLine): string | null {
    const [name, ...args] = line.words
    if (isStatement(name)) return this.takeArguments(name, args, line)
    if (name.includes('.')) return 'No module is loaded that has this setting'
    return FORGOTTEN.has(name) && args.length === 1 ? null : BAD_DIRECTIVE
  }

  private takeArguments(name: StatementName, args: readonly string[], line: ConfigLine): string | null {
    const [min, max] = ARGUMENTS[name]
    const statement = this.registered.get(name)
    if (statement === undefined || args.length < min || args.length > max) return BAD_DIRECTIVE
    if (name === 'user' && this.users.has(args[0])) {
      return `Error in user declaration '${args[0]}': ${DUPLICATE_USER}`
    }
    if (name === 'user') this.users.add(args[0])
    return statement(args, line)
  }
}
