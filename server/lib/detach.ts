/**
 * Going into the background (`daemonize yes`).
 *
 * A running Node process cannot fork. What it can do is start itself again, detached from the terminal, with the
 * same arguments, and end; so the process id that stays is another one than the shell saw.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** How the process in the background knows that it is there already. */
const MARK = 'REDSTART_DETACHED'

export function isDetached(): boolean {
  return process.env[MARK] !== undefined
}

/** Starts this program again in the background, in `folder`, with `input` to read. Resolves when it has that. */
export async function startDetached(folder: string, input: string): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    cwd: folder,
    detached: true,
    env: { ...process.env, [MARK]: '1' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.end(input, 'latin1')
  await once(child.stdin, 'close')
  child.unref()
}
