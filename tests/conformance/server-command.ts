import { cpSync, existsSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findTool } from './source.js'

/** Makes, with a folder at its disposal, the shell command that becomes the server. */
export type ServerCommand = (folder: string) => string

/** Our own build, copied: somebody may build again while the suite runs, and half a build is nobody's fault. */
export function ourServer(repository: string): ServerCommand {
  const dist = join(repository, 'dist')
  if (!existsSync(join(dist, 'server/main.js'))) {
    throw new Error('dist/server/main.js is missing: npm run build (or name another server with --server)')
  }
  return folder => {
    const build = join(folder, 'build')
    cpSync(dist, join(build, 'dist'), { recursive: true })
    cpSync(join(repository, 'package.json'), join(build, 'package.json'))
    symlinkSync(join(repository, 'node_modules'), join(build, 'node_modules'))
    return `${shellWord(process.execPath)} ${shellWord(join(build, 'dist/server/main.js'))}`
  }
}

/** A command of the user's, made absolute: the suite runs elsewhere, and looks for a path in the process title. */
export function otherServer(command: string): ServerCommand {
  const [program, ...args] = command.split(' ')
  const words = [findTool(program) ?? absolute(program), ...args.map(absolute)]
  return () => words.join(' ')
}

/** The scripts replace themselves (`exec`), so the pid the suite knows is the server's own. */
export const serverScript = (command: string): string => `#!/bin/sh\nexec ${command} "$@"\n`
export const sentinelScript = (command: string): string =>
  `#!/bin/sh\nconfig=$1; shift\nexec ${command} "$config" --sentinel "$@"\n`

const absolute = (word: string): string => (word.includes('/') && existsSync(word) ? resolve(word) : word)

const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
