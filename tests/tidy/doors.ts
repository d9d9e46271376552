import ts from 'typescript'
import { importsOf } from './imports.js'
import { isProduct, nodesOf, offenceAt, type Offence, type Source } from './source.js'

/**
 * Only `server/lib` touches the outside world. Everything above asks a clock, a random source, a disk or a
 * network that it was given, which is what lets the simulator replay a whole cluster from one seed.
 */
export function doors(sources: readonly Source[]): Offence[] {
  return sources
    .filter(source => isProduct(source) && !source.path.startsWith('server/lib/'))
    .flatMap(source => [...worldImports(source), ...worldCalls(source)])
}

/** Which names of which Node modules bring the world in; `*` stands for all of them. */
const MODULES: Readonly<Record<string, { door: string; names: readonly string[] }>> = {
  fs: { door: 'disk', names: ['*'] },
  'fs/promises': { door: 'disk', names: ['*'] },
  net: { door: 'network', names: ['*'] },
  tls: { door: 'network', names: ['*'] },
  dns: { door: 'network', names: ['*'] },
  'dns/promises': { door: 'network', names: ['*'] },
  dgram: { door: 'network', names: ['*'] },
  timers: { door: 'clock', names: ['*'] },
  'timers/promises': { door: 'clock', names: ['*'] },
  worker_threads: { door: 'threads', names: ['*'] },
  perf_hooks: { door: 'clock', names: ['performance'] },
  crypto: {
    door: 'random',
    names: [
      'randomBytes',
      'randomFill',
      'randomFillSync',
      'randomInt',
      'randomUUID',
      'getRandomValues',
      'webcrypto',
    ],
  },
}

/** Members of globals, as they are written. */
const MEMBERS: Readonly<Record<string, string>> = {
  'Date.now': 'clock',
  'performance.now': 'clock',
  'process.hrtime': 'clock',
  'Math.random': 'random',
  'crypto.randomBytes': 'random',
  'crypto.randomFillSync': 'random',
  'crypto.randomInt': 'random',
  'crypto.randomUUID': 'random',
  'crypto.getRandomValues': 'random',
}

const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate'])

function worldImports(source: Source): Offence[] {
  return importsOf(source).flatMap(one => {
    const module = MODULES[one.specifier.replace(/^node:/, '')]
    if (module === undefined || !takesAny(one.names, module.names)) return []
    const names = module.names.includes('*') ? '' : ` (${one.names.join(', ')})`
    return [worldOffence(source, one.position, `imports ${one.specifier}${names}`, module.door)]
  })
}

/** A whole-module import of a module that is only partly forbidden is judged by its uses, in `worldCalls`. */
function takesAny(taken: readonly string[], forbidden: readonly string[]): boolean {
  return forbidden.includes('*') || taken.some(name => forbidden.includes(name))
}

function worldCalls(source: Source): Offence[] {
  const offences: Offence[] = []
  for (const node of nodesOf(source.tree)) {
    const use = worldUse(node)
    if (use !== null) offences.push(worldOffence(source, node.getStart(), `uses ${use.text}`, use.door))
  }
  return offences
}

function worldUse(node: ts.Node): { text: string; door: string } | null {
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText().replace(/^globalThis\./, '')
    const door = MEMBERS[text]
    return door === undefined ? null : { text, door }
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) {
    return { text: 'new Date()', door: 'clock' }
  }
  return ts.isIdentifier(node) && TIMERS.has(node.text) && isGlobalUse(node)
    ? { text: node.text, door: 'clock' }
    : null
}

/**
 * False for a member of something of ours (`clock.setTimeout`), for the place where such a member is declared,
 * and inside an import, which is judged by its module.
 */
function isGlobalUse(name: ts.Identifier): boolean {
  const parent = name.parent
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false
  if (ts.isPropertyAccessExpression(parent) && parent.name === name) {
    return parent.expression.getText() === 'globalThis'
  }
  return !(isMember(parent) && parent.name === name)
}

function isMember(node: ts.Node): node is ts.NamedDeclaration {
  return (
    ts.isMethodDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyAssignment(node)
  )
}

function worldOffence(source: Source, position: number, offence: string, door: string): Offence {
  const remedy = `take the ${door} as a parameter and ask it; the door itself is in server/lib`
  return offenceAt(source, position, `${offence} outside server/lib`, remedy)
}
