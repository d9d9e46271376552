import { readdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { SessionTable } from './session.js'

/** The tables of tests/sessions: one family of commands per file, which exports them as an array. */

const FOLDER = fileURLToPath(new URL('../sessions/', import.meta.url))

export const familyNames: readonly string[] = readdirSync(FOLDER)
  .filter(file => file.endsWith('.ts'))
  .map(file => file.slice(0, -'.ts'.length))
  .sort()

export async function tablesOf(family: string): Promise<readonly SessionTable[]> {
  const module = (await import(pathToFileURL(join(FOLDER, `${family}.ts`)).href)) as Record<
    string,
    readonly SessionTable[]
  >
  return Object.values(module).flat()
}
