import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** One source file as the rules see it: `path` is relative to the repository, with forward slashes. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
}

/** What a rule found. It has to tell its reader what to do: a complaint without a remedy is noise. */
export interface Offence {
  readonly file: string
  readonly line: number
  readonly offence: string
  readonly remedy: string
}

/** A rule sees all the sources at once, because cycles and commands without a test are facts about the whole. */
export type Rule = (sources: readonly Source[]) => Offence[]

/** The rooms whose code ships. Tests and bench are tools: most rules leave them alone. */
const PRODUCT = /^(server|persistence|replication|sentinel)\//

export function isProduct(source: Source): boolean {
  return PRODUCT.test(source.path)
}

export function parse(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) }
}

const ROOTS = ['server', 'persistence', 'replication', 'sentinel', 'tests', 'bench', 'build']

/** Every TypeScript source of the repository, in a fixed order. */
export function readSources(repository: string): Source[] {
  return ROOTS.filter(root => existsSync(join(repository, root)))
    .flatMap(root => filesUnder(repository, root))
    .filter(path => path.endsWith('.ts'))
    .sort()
    .map(path => parse(path, readFileSync(join(repository, path), 'utf8')))
}

function filesUnder(repository: string, root: string): string[] {
  const names = readdirSync(join(repository, root), { recursive: true, encoding: 'utf8' })
  return names.map(name => `${root}/${name.replaceAll('\\', '/')}`)
}

export function offenceAt(source: Source, position: number, offence: string, remedy: string): Offence {
  const line = source.tree.getLineAndCharacterOfPosition(position).line + 1
  return { file: source.path, line, offence, remedy }
}

export function describeOffence({ file, line, offence, remedy }: Offence): string {
  return `${file}:${line}: ${offence}\n    remedy: ${remedy}`
}

/** Every node of the tree, parents first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  for (const child of childrenOf(node)) yield* nodesOf(child)
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = []
  ts.forEachChild(node, child => {
    children.push(child)
  })
  return children
}
