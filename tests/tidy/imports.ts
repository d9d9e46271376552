import { posix } from 'node:path'
import ts from 'typescript'
import { nodesOf, type Source } from './source.js'

/** One mention of another module, in whatever form: import, re-export, dynamic import or `import('x').Type`. */
export interface Import {
  /** As written: `./bytes.js`, `node:fs`. */
  readonly specifier: string
  /** The names taken, `*` for the whole module; empty for a bare or dynamic import. */
  readonly names: readonly string[]
  readonly position: number
  /** True when only types are taken: nothing of it is left when the module runs. */
  readonly typeOnly: boolean
}

export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  for (const node of nodesOf(source.tree)) {
    const specifier = specifierOf(node)
    if (specifier === undefined) continue
    found.push({
      specifier: specifier.text,
      names: namesTaken(node),
      position: specifier.getStart(),
      typeOnly: takesTypesOnly(node),
    })
  }
  return found
}

/** The repository path of the source an import leads to, or null for a package or a Node module. */
export function targetOf(source: Source, { specifier }: Import): string | null {
  if (!specifier.startsWith('.')) return null
  return posix.join(posix.dirname(source.path), specifier).replace(/\.js$/, '.ts')
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  const specifier = specifierNode(node)
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier : undefined
}

function specifierNode(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal
  if (!ts.isCallExpression(node)) return undefined
  const isDynamicImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
  return isDynamicImport ? node.arguments[0] : undefined
}

function namesTaken(node: ts.Node): string[] {
  if (ts.isImportDeclaration(node)) return importedNames(node.importClause)
  if (!ts.isExportDeclaration(node)) return []
  if (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause)) return ['*']
  return node.exportClause.elements.map(originalName)
}

function takesTypesOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  if (!ts.isImportDeclaration(node) || node.importClause === undefined) return false
  const { phaseModifier, name, namedBindings } = node.importClause
  if (phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  if (name !== undefined || namedBindings === undefined || ts.isNamespaceImport(namedBindings)) return false
  return namedBindings.elements.every(element => element.isTypeOnly)
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  if (clause === undefined) return []
  const names = clause.name === undefined ? [] : ['*']
  const bindings = clause.namedBindings
  if (bindings === undefined) return names
  return ts.isNamespaceImport(bindings) ? ['*'] : [...names, ...bindings.elements.map(originalName)]
}

/** `randomBytes` of `randomBytes as noise`. */
function originalName(element: ts.ImportSpecifier | ts.ExportSpecifier): string {
  return (element.propertyName ?? element.name).text
}
