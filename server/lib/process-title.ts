/** The door to what `ps` and `top` show of this process. */

import { writeFileSync } from 'node:fs'

/**
 * Sets the command line that `ps` shows. Node gives the main thread the same name, cut to 15 bytes; a name with a
 * blank in it shifts the columns of /proc/PID/stat for everybody who splits that line, so it gets `name` instead.
 */
export function setProcessTitle(title: string, name: string): void {
  process.title = title
  try {
    writeFileSync('/proc/self/comm', name)
  } catch {
    // Not Linux: there is no such file, and no such problem.
  }
}
