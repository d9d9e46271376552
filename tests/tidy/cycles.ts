import { importsOf, targetOf, type Import } from './imports.js'
import { isProduct, offenceAt, type Offence, type Source } from './source.js'

interface Edge {
  readonly from: Source
  readonly to: string
  readonly import: Import
}

/**
 * No file reaches itself through its imports, as modules see them when they run. Imports of types alone do not
 * count: an engine and its context, a keyspace and its databases name each other, and nothing loads in the wrong
 * order for it. Between rooms even types go one way (layers.ts). Each cycle is told once, at the import that closes it.
 */
export function cycles(sources: readonly Source[]): Offence[] {
  const walk = new Walk(sources.filter(isProduct))
  return walk.offences()
}

/** A depth-first walk: an import of a file that is still open on the path closes a cycle. */
class Walk {
  private readonly byPath: Map<string, Source>
  private readonly done = new Set<string>()
  private readonly path: string[] = []
  private readonly found: Offence[] = []

  constructor(sources: readonly Source[]) {
    this.byPath = new Map(sources.map(source => [source.path, source]))
  }

  offences(): Offence[] {
    for (const source of this.byPath.values()) this.visit(source)
    return this.found
  }

  private visit(source: Source): void {
    if (this.done.has(source.path)) return
    this.path.push(source.path)
    for (const edge of edgesOf(source)) this.follow(edge)
    this.path.pop()
    this.done.add(source.path)
  }

  private follow(edge: Edge): void {
    const opened = this.path.indexOf(edge.to)
    if (opened >= 0) {
      this.found.push(cycleOffence(edge, this.path.slice(opened)))
      return
    }
    const next = this.byPath.get(edge.to)
    if (next !== undefined) this.visit(next)
  }
}

function edgesOf(source: Source): Edge[] {
  return importsOf(source)
    .filter(one => !one.typeOnly)
    .flatMap(one => {
      const to = targetOf(source, one)
      return to === null ? [] : [{ from: source, to, import: one }]
    })
}

function cycleOffence({ from, to, import: one }: Edge, path: readonly string[]): Offence {
  const remedy = 'move what both sides need into a file below them, or merge the two if they are one thing'
  return offenceAt(from, one.position, `closes an import cycle: ${[...path, to].join(' -> ')}`, remedy)
}
