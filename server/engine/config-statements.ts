/**
 * Lines of the config file that are no settings: `rename-command`, `user`.
 *
 * They concern the engine and its parts, which are built from the settings of the same file, so not before it has
 * been read. So the lines are kept while it is read and handed over when the engine is there; who finds fault with
 * one throws a ConfigFileError that names it.
 */

import type { Config } from '../config/config.js'
import { ConfigFileError, type ConfigLine } from '../config/file.js'
import type { StatementName } from '../config/statements.js'

const RENAME = 'rename-command'

/** A command table, as far as names go. */
interface CommandNames {
  get(name: string): object | null
  rename(from: string, to: string): boolean
}

/** To be called before the config is read: the list fills as it is. `names`: those that the parts take, too. */
export function keepStatements(config: Config, names: readonly StatementName[]): readonly ConfigLine[] {
  const kept: ConfigLine[] = []
  for (const name of [RENAME, ...names] as const) {
    config.onStatement(name, (_args, line) => {
      kept.push(line)
      return null
    })
  }
  return kept
}

/** Does what the `rename-command` lines say; an empty name takes the command away. */
export function renameCommands(table: CommandNames, statements: readonly ConfigLine[]): void {
  for (const line of statements) {
    const [statement, from, to] = line.words
    if (statement !== RENAME) continue
    if (table.get(from) === null) throw new ConfigFileError('No such command in rename-command', line)
    if (!table.rename(from, to)) throw new ConfigFileError('Target command name already exists', line)
  }
}
