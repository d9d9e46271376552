import ts from 'typescript'
import { nodesOf, offenceAt, type Offence, type Source } from './source.js'

/** The compiler's checks stay on, everywhere: no `any`, and no comment that tells it to look away. */
export function checks(sources: readonly Source[]): Offence[] {
  return sources.flatMap(source => [...anyTypes(source), ...silencers(source)])
}

function anyTypes(source: Source): Offence[] {
  const remedy = 'name the type, or write `unknown` and narrow it where it is used'
  return [...nodesOf(source.tree)]
    .filter(node => node.kind === ts.SyntaxKind.AnyKeyword)
    .map(node => offenceAt(source, node.getStart(), 'uses the type any', remedy))
}

function silencers(source: Source): Offence[] {
  const remedy = 'make the types say what is true; where the compiler cannot see it, a cast with its reason'
  return commentsOf(source).flatMap(comment => {
    const match = /@ts-(ignore|nocheck|expect-error)/.exec(comment.text)
    return match === null
      ? []
      : [offenceAt(source, comment.position + match.index, `says ${match[0]}`, remedy)]
  })
}

/** What stands between the tokens: blanks and comments. Text inside string literals is not among it. */
function commentsOf({ tree, text }: Source): { text: string; position: number }[] {
  return [...tokensOf(tree, tree)].map(token => {
    const position = token.getFullStart()
    return { text: text.slice(position, token.getStart(tree)), position }
  })
}

function* tokensOf(node: ts.Node, tree: ts.SourceFile): Generator<ts.Node> {
  const children = node.getChildren(tree).filter(child => !ts.isJSDoc(child))
  if (children.length === 0) yield node
  for (const child of children) yield* tokensOf(child, tree)
}
