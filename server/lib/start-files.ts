/** The door to the files a program reads or leaves before there is a server, and after. All of it waits. */

import { readdirSync, readFileSync, realpathSync, unlinkSync, writeFileSync } from 'node:fs'
import { Span } from './bytes.js'
import { globMatches } from './glob.js'

const STDIN = 0

export function readStandardInput(): string {
  return readFileSync(STDIN, 'latin1')
}

/** Throws Node's errors. `path` comes back absolute and free of links. */
export function readTextFile(path: string): { path: string; text: string } {
  return { path: realpathSync(path), text: readFileSync(path, 'latin1') }
}

export function writeTextFile(path: string, text: string): void {
  writeFileSync(path, text, 'latin1')
}

/** A file that is gone already is fine. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was not ours alone.
  }
}

/** True when a path stands for several files. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path)
}

/** The files and folders that an absolute pattern stands for, sorted. A name with a dot is matched only by a dot. */
export function matchingPaths(pattern: string): string[] {
  let found = ['']
  for (const part of pattern.split('/').slice(1)) {
    found = isPattern(part)
      ? found.flatMap(folder => namesMatching(folder, part))
      : found.map(folder => `${folder}/${part}`)
  }
  return found
}

function namesMatching(folder: string, pattern: string): string[] {
  const glob = Span.of(pattern)
  const hidden = pattern.startsWith('.')
  const matches = (name: string) => name.startsWith('.') === hidden && globMatches(glob, Span.of(name))
  return namesIn(folder)
    .filter(matches)
    .map(name => `${folder}/${name}`)
}

/** Sorted; none when it is no folder. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(`${folder}/`).sort()
  } catch {
    return []
  }
}
