/**
 * Lines of the config file that are no settings: `rename-command`, `user`.
 *
 * They concern the engine and its parts, which are built from the settings of the same file, so not before it has
 * been read. So the lines are kept while it is read and handed over when the engine is there; who finds fault with
 * one throws a ConfigFileError that names it.
 */

import type { Config } from '../config/config.js'
import { ConfigFileError, type ConfigLine } from '../config/file.js'
import type { Part } from './part.js'
import type { CommandTable } from './table.js'

const RENAME = 'rename-command'

/** To be called before the config is read: the list fills as it is. Lines that no part takes stay refused. */
export function keepStatements(config: Config, parts: readonly Part[]): readonly ConfigLine[] {
  const kept: ConfigLine[] = []
  for (const name of [RENAME, ...parts.flatMap(part => part.statements ?? [])] as const) {
    config.onStatement(name, (_args, line) => {
      kept.push(line)
      return null
    })
  }
  return kept
}

/** Does what the `rename-command` lines say; an empty name takes the command away. */
export function renameCommands(table: CommandTable, statements: readonly ConfigLine[]): void {
  for (const line of statements) {
    const [statement, from, to] = line.words
    if (statement !== RENAME) continue
    if (table.get(from) === null) throw new ConfigFileError('No such command in rename-command', line)
    if (!table.rename(from, to)) throw new ConfigFileError('Target command name already exists', line)
  }
}
