/** The rooms of the house, in the order in which they are installed: the server's table of contents. */

import { connectionCommands } from './commands/connection.js'
import { stringCommands } from './commands/strings.js'
import type { Part } from './engine/part.js'

export const parts: readonly Part[] = [
  { name: 'connection', commands: connectionCommands },
  { name: 'strings', commands: stringCommands },
]
