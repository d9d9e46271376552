/**
 * Folding: a constant of numbers is written into the code where it is used.
 *
 *      mems[ref >>> SEGMENT_SHIFT]      becomes      mems[ref >>> 20]
 *
 * A name that a module exports is a *cell* to V8, even if it is a `const`: optimized code loads it anew at every use, asks
 * whether the module has run yet, and cannot know that a shift is by 20. Our hot path is full of such names, as it
 * should be: they are what makes it readable. Writing their values in their places takes a twentieth to a fifth of
 * the time of a pipelined command, and nothing of the source.
 *
 * What is folded is what the compiler can be sure of: a top-level `const` of ours whose initializer is made of numbers,
 * arithmetic and other such names, and the members of an object of them that is declared `as const`. All else stays.
 */

import ts from 'typescript'

export function foldConstants(program: ts.Program): ts.TransformerFactory<ts.SourceFile> {
  const values = new Values(program.getTypeChecker())
  return context => file => {
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isTypeNode(node) || isDeclaredElsewhere(node)) return node
      if (ts.isShorthandPropertyAssignment(node)) return foldShorthand(node, values)
      const value = isUse(node) ? values.of(node) : null
      return value === null ? ts.visitEachChild(node, visit, context) : literal(value, node)
    }
    return ts.visitEachChild(file, visit, context)
  }
}

/** Names of imports and exports are no uses. */
function isDeclaredElsewhere(node: ts.Node): boolean {
  return ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
}

/** Whether a name stands here for its value: not declared, not assigned, not the name of a member. */
function isUse(node: ts.Node): node is ts.Identifier | ts.PropertyAccessExpression {
  const { parent } = node
  if (ts.isPropertyAccessExpression(node)) return true
  if (!ts.isIdentifier(node)) return false
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  return !(isNamed(parent) && parent.name === node) && !ts.isBindingElement(parent)
}

function isNamed(node: ts.Node): node is ts.NamedDeclaration {
  return 'name' in node
}

/** `{ LIMIT }` is `{ LIMIT: 7 }`. */
function foldShorthand(node: ts.ShorthandPropertyAssignment, values: Values): ts.Node {
  const value = values.ofShorthand(node)
  return value === null ? node : ts.factory.createPropertyAssignment(node.name, literal(value, node.name))
}

function literal(value: number, original: ts.Node): ts.Expression {
  const digits = ts.factory.createNumericLiteral(Math.abs(value))
  const isNegative = value < 0 || Object.is(value, -0)
  const made = isNegative
    ? ts.factory.createParenthesizedExpression(
        ts.factory.createPrefixUnaryExpression(ts.SyntaxKind.MinusToken, digits),
      )
    : digits
  return ts.setOriginalNode(ts.setTextRange(made, original), original)
}

/** What names stand for: a number, or null where that cannot be told. */
class Values {
  private readonly known = new Map<ts.Symbol, number | null>()

  constructor(private readonly checker: ts.TypeChecker) {}

  of(node: ts.Identifier | ts.PropertyAccessExpression): number | null {
    return this.ofSymbol(this.checker.getSymbolAtLocation(node))
  }

  ofShorthand(node: ts.ShorthandPropertyAssignment): number | null {
    return this.ofSymbol(this.checker.getShorthandAssignmentValueSymbol(node))
  }

  private ofSymbol(symbol: ts.Symbol | undefined): number | null {
    if (symbol === undefined) return null
    const target =
      (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.checker.getAliasedSymbol(symbol)
    const known = this.known.get(target)
    if (known !== undefined) return known
    const initializer = constantInitializer(target.valueDeclaration)
    const value = initializer === null ? null : this.evaluate(initializer)
    this.known.set(target, value)
    return value
  }

  private evaluate(node: ts.Expression): number | null {
    const value = this.number(node)
    return value !== null && Number.isFinite(value) ? value : null
  }

  private number(node: ts.Expression): number | null {
    if (ts.isNumericLiteral(node)) return Number(node.text)
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return this.evaluate(node.expression)
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return this.of(node)
    if (ts.isPrefixUnaryExpression(node)) return this.unary(node)
    return ts.isBinaryExpression(node) ? this.binary(node) : null
  }

  private unary({ operator, operand }: ts.PrefixUnaryExpression): number | null {
    const value = this.evaluate(operand)
    if (value === null) return null
    if (operator === ts.SyntaxKind.MinusToken) return -value
    return operator === ts.SyntaxKind.TildeToken ? ~value : null
  }

  private binary({ left, operatorToken, right }: ts.BinaryExpression): number | null {
    const operate = OPERATORS.get(operatorToken.kind)
    const a = operate === undefined ? null : this.evaluate(left)
    const b = a === null ? null : this.evaluate(right)
    return operate === undefined || a === null || b === null ? null : operate(a, b)
  }
}

const OPERATORS: ReadonlyMap<ts.SyntaxKind, (a: number, b: number) => number> = new Map([
  [ts.SyntaxKind.PlusToken, (a, b) => a + b],
  [ts.SyntaxKind.MinusToken, (a, b) => a - b],
  [ts.SyntaxKind.AsteriskToken, (a, b) => a * b],
  [ts.SyntaxKind.AsteriskAsteriskToken, (a, b) => a ** b],
  [ts.SyntaxKind.SlashToken, (a, b) => a / b],
  [ts.SyntaxKind.LessThanLessThanToken, (a, b) => a << b],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, (a, b) => a >> b],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, (a, b) => a >>> b],
  [ts.SyntaxKind.AmpersandToken, (a, b) => a & b],
  [ts.SyntaxKind.BarToken, (a, b) => a | b],
  [ts.SyntaxKind.CaretToken, (a, b) => a ^ b],
])

/** What a top-level `const`, or a member of one that is `as const`, is for good; null for anything else. */
function constantInitializer(declaration: ts.Declaration | undefined): ts.Expression | null {
  if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return null
  if (ts.isVariableDeclaration(declaration))
    return isTopLevel(declaration) ? (declaration.initializer ?? null) : null
  if (!ts.isPropertyAssignment(declaration)) return null
  const whole = declaration.parent.parent
  const isFixed = ts.isAsExpression(whole) && ts.isConstTypeReference(whole.type)
  return isFixed && ts.isVariableDeclaration(whole.parent) && isTopLevel(whole.parent)
    ? declaration.initializer
    : null
}

function isTopLevel({ parent }: ts.VariableDeclaration): boolean {
  const isConst = (parent.flags & ts.NodeFlags.Const) !== 0
  return isConst && ts.isVariableStatement(parent.parent) && ts.isSourceFile(parent.parent.parent)
}
