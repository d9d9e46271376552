/**
 * Bundling: the modules of a program in one file.
 *
 * To V8 a name that another module exports is a cell, to be loaded and checked at every use; in one file it is a
 * variable in reach. That is worth some hundredths of a pipelined command, and a start in half the time, as there are
 * four hundred files fewer to be found and read. Packages stay outside: npm installs them.
 */

import * as esbuild from 'esbuild'
import { dirname, join } from 'node:path/posix'

/**
 * What becomes a file: where it is, and of which module it is made. The program of a thread stands beside those that
 * start it, whose `import.meta.url` leads to it.
 */
const PROGRAMS = {
  'server/main': 'server/main.js',
  'server/index': 'server/index.js',
  'server/press-program': 'persistence/rdb/press-program.js',
}
/** Those that `npm run bench:micro` finds. */
const MICRO = /^bench\/micro\/(run|.*\.bench)\.js$/

/** `modules`: JavaScript by path, from the root of the project. Rejects where something is missing. */
export async function bundle(modules: ReadonlyMap<string, string>, folder: string): Promise<void> {
  const micro = [...modules.keys()].filter(path => MICRO.test(path))
  const named = micro.map(path => [path.slice(0, -'.js'.length), path] as const)
  await esbuild.build({
    entryPoints: { ...PROGRAMS, ...Object.fromEntries(named) },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
    plugins: [compiledModules(modules)],
  })
}

/** Finds the modules where they are, in memory; all else is a package, or Node's own. */
function compiledModules(modules: ReadonlyMap<string, string>): esbuild.Plugin {
  return {
    name: 'compiled-modules',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
        const found = join(dirname(importer), path)
        return modules.has(found) ? { path: found, namespace: 'compiled' } : { path, external: true }
      })
      build.onLoad({ filter: /.*/, namespace: 'compiled' }, ({ path }) => ({ contents: modules.get(path) }))
    },
  }
}
