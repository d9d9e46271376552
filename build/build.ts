/**
 * `npm run build`: what `tsc -p tsconfig.build.json` makes, with constants folded (constants.ts). The plain compiler's
 * output does the same, slower.
 */

import { join } from 'node:path'
import ts from 'typescript'
import { foldConstants } from './constants.js'

const ROOT = join(import.meta.dirname, '..')

function build(): boolean {
  const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.build.json'), outDirectory(), {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: diagnostic => print([diagnostic]),
  })
  if (config === undefined) return false
  const program = ts.createProgram(config.fileNames, config.options)
  const found = [...config.errors, ...ts.getPreEmitDiagnostics(program)]
  const emitted = program.emit(undefined, undefined, undefined, false, { before: [foldConstants(program)] })
  return print([...found, ...emitted.diagnostics])
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

process.exitCode = build() ? 0 : 1
