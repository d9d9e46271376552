/**
 * `npm run build`: the compiler's output, with constants folded (constants.ts), in one file for each program (bundle.ts).
 * What `tsc -p tsconfig.build.json` makes does the same, slower. Declarations are as the compiler writes them.
 */

import { rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { bundle } from './bundle.js'
import { foldConstants } from './constants.js'

const ROOT = join(import.meta.dirname, '..')

async function build(): Promise<boolean> {
  const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.build.json'), outDirectory(), {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: diagnostic => print([diagnostic]),
  })
  if (config === undefined) return false
  const program = ts.createProgram(config.fileNames, config.options)
  if (!print([...config.errors, ...ts.getPreEmitDiagnostics(program)])) return false
  const folder = config.options.outDir!
  const modules = new Map<string, string>()
  rmSync(folder, { recursive: true, force: true })
  const keep = (path: string, text: string): unknown =>
    path.endsWith('.js') ? modules.set(relative(folder, path), text) : ts.sys.writeFile(path, text)
  const emitted = program.emit(undefined, keep, undefined, false, { before: [foldConstants(program)] })
  if (!print(emitted.diagnostics)) return false
  await bundle(modules, folder)
  return true
}

/** `--outDir folder` puts the output there instead of into dist. */
function outDirectory(): ts.CompilerOptions {
  const at = process.argv.indexOf('--outDir')
  return at < 0 ? {} : { outDir: process.argv[at + 1] }
}

/** True when there is nothing to complain of. */
function print(diagnostics: readonly ts.Diagnostic[]): boolean {
  process.stderr.write(
    ts.formatDiagnosticsWithColorAndContext(diagnostics, {
      getCanonicalFileName: name => name,
      getCurrentDirectory: () => ROOT,
      getNewLine: () => '\n',
    }),
  )
  return diagnostics.length === 0
}

process.exitCode = (await build()) ? 0 : 1
