import ts from 'typescript'
import { isProduct, offenceAt, type Offence, type Source } from './source.js'

/**
 * Two servers in one process are two independent worlds, so nothing that changes may live in a module: no
 * `let`, no collection born empty (it can only be there to be filled), no static field that can be assigned.
 */
export function state(sources: readonly Source[]): Offence[] {
  return sources.filter(isProduct).flatMap(source => source.tree.statements.flatMap(s => stateOf(source, s)))
}

function stateOf(source: Source, statement: ts.Statement): Offence[] {
  if (ts.isVariableStatement(statement)) return variables(source, statement.declarationList)
  if (ts.isClassDeclaration(statement))
    return statement.members.filter(isMutableStatic).map(toOffence(source))
  return []
}

function variables(source: Source, list: ts.VariableDeclarationList): Offence[] {
  const isConst = (list.flags & ts.NodeFlags.Const) !== 0
  return list.declarations.filter(one => !isConst || isEmptyCollection(one)).map(toOffence(source))
}

function isEmptyCollection({ initializer, type }: ts.VariableDeclaration): boolean {
  if (initializer === undefined || !ts.isNewExpression(initializer)) return false
  if (type?.getText().startsWith('Readonly')) return false
  const collects = /^(Map|Set|WeakMap|WeakSet)$/.test(initializer.expression.getText())
  return collects && !initializer.arguments?.length
}

function isMutableStatic(member: ts.ClassElement): member is ts.PropertyDeclaration {
  if (!ts.isPropertyDeclaration(member)) return false
  const kinds = member.modifiers?.map(modifier => modifier.kind) ?? []
  return kinds.includes(ts.SyntaxKind.StaticKeyword) && !kinds.includes(ts.SyntaxKind.ReadonlyKeyword)
}

function toOffence(source: Source): (node: ts.VariableDeclaration | ts.PropertyDeclaration) => Offence {
  const remedy =
    'put it into an object that the server owns and hands on; a constant is `const` or `static readonly`'
  return node =>
    offenceAt(source, node.getStart(), `${node.name.getText()} is module-level mutable state`, remedy)
}
