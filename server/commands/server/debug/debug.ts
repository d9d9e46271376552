/** DEBUG: what tests need to see and to do, and nobody else should. */

import { command } from '../../../engine/command.js'
import type { DebugSubcommand } from '../../../engine/debug-switches.js'
import type { Engine } from '../../../engine/engine.js'
import { rest } from '../../../engine/grammar.js'
import { misusedSubcommand } from '../../../resp/errors.js'
import { replyHelp } from '../../help.js'
import { crashes } from './crash.js'
import { digests } from './digest.js'
import { inspections } from './inspect.js'
import { populate } from './populate.js'
import { protocol } from './protocol.js'
import { switches } from './switches.js'
import { tests } from './tests.js'

const OWN: readonly DebugSubcommand[] = [
  ...tests,
  ...switches,
  ...inspections,
  ...digests,
  populate,
  protocol,
  ...crashes,
]

export const debug = command('DEBUG', {
  does: 'What tests need to see and to do.',
  since: '1.0.0',
  group: 'server',
  complexity: 'Depends on subcommand.',
  flags: ['admin', 'noscript', 'loading', 'stale', 'protected'],
  args: { subcommand: rest(1) },
  run(ctx, { subcommand: { request, at } }) {
    const [name, ...words] = request.list(at).map(word => word.latin1())
    const wanted = name.toLowerCase()
    if (wanted === 'help' && words.length === 0) {
      replyHelp(ctx, 'DEBUG', helpLines(ctx.engine))
      return
    }
    const found = subcommandsOf(ctx.engine).find(one => one.name === wanted)
    if (found === undefined || !takes(found, words.length)) throw misusedSubcommand(name, 'debug')
    found.run(ctx, words)
  },
})

/** Those of other rooms go before. */
function subcommandsOf({ debug }: Engine): readonly DebugSubcommand[] {
  return [...debug.subcommands, ...OWN]
}

function helpLines(engine: Engine): string[] {
  const known = new Map(
    subcommandsOf(engine)
      .toReversed()
      .map(one => [one.name, one]),
  )
  const sorted = [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return sorted.flatMap(({ name, syntax, does }) => [
    `${name.toUpperCase()} ${syntax}`.trimEnd(),
    `    ${does}`,
  ])
}

function takes({ words: [min, max] }: DebugSubcommand, count: number): boolean {
  return count >= min && count <= max
}
