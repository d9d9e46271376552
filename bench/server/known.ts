import { join } from 'node:path'
import type { Contender } from '../contenders.js'
import { isInstalled } from './program.js'

const MAIN = join(import.meta.dirname, '../../dist/server/main.js')

/** Our own build, run by the Node that runs the bench, or the command line given in its place. */
export function subject(
  command: readonly string[] | undefined,
  nodeOptions: readonly string[] = [],
): Contender {
  if (command !== undefined) return { name: `${command.join(' ')} (--server)`, command }
  return { name: 'redstart', command: [process.execPath, ...nodeOptions, MAIN] }
}

export function reference(): Contender | null {
  return isInstalled('redis-server') ? { name: 'redis-server', command: ['redis-server'] } : null
}
