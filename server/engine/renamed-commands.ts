/**
 * `rename-command`, a line of the config file that is no setting.
 *
 * It concerns the command table, which is built from the settings of the same file, so not before it has been read. So
 * the lines are kept while it is read and handed over when the table is there; who finds fault with one throws a
 * ConfigFileError that names it.
 */

import type { Config } from '../config/config.js'
import { ConfigFileError, type ConfigLine } from '../config/file.js'

/** A command table, as far as names go. */
interface CommandNames {
  get(name: string): object | null
  rename(from: string, to: string): boolean
}

/** To be called before the config is read: the list fills as it is. */
export function keepRenames(config: Config): readonly ConfigLine[] {
  const kept: ConfigLine[] = []
  config.onStatement('rename-command', (_args, line) => {
    kept.push(line)
    return null
  })
  return kept
}

/** Does what the lines say; an empty name takes the command away. */
export function renameCommands(table: CommandNames, lines: readonly ConfigLine[]): void {
  for (const line of lines) {
    const [, from, to] = line.words
    if (table.get(from) === null) throw new ConfigFileError('No such command in rename-command', line)
    if (!table.rename(from, to)) throw new ConfigFileError('Target command name already exists', line)
  }
}
