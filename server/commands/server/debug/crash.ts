/** Subcommands of DEBUG that end the server the hard way, with the report that a real fault would leave. */

import type { DebugSubcommand } from '../../../engine/debug-switches.js'
import type { Engine } from '../../../engine/engine.js'
import { VERSION } from '../../../engine/version.js'
import { infoText } from '../info/info.js'

type Signal = 'SIGSEGV' | 'SIGABRT'
const NUMBERS: Readonly<Record<Signal, number>> = { SIGSEGV: 11, SIGABRT: 6 }

export const crashes: readonly DebugSubcommand[] = [
  crash('segfault', 'as by a bad access to memory', 'SIGSEGV', 'Accessing address: 0x0'),
  crash('panic', 'as when it finds that it cannot go on', 'SIGABRT', 'PANIC: DEBUG PANIC was called'),
  crash(
    'assert',
    'as when an assertion fails',
    'SIGABRT',
    '=== ASSERTION FAILED === DEBUG ASSERT was called',
  ),
  crash('oom', 'as when there is no memory left', 'SIGABRT', 'Out Of Memory: DEBUG OOM was called'),
]

function crash(name: string, how: string, signal: Signal, what: string): DebugSubcommand {
  return {
    name,
    syntax: '',
    does: `Crashes the server ${how}.`,
    words: [0, 0],
    run({ engine }) {
      for (const line of report(engine, signal, what)) engine.log.warning(line)
      engine.facts.die(signal)
    },
  }
}

function report(engine: Engine, signal: Signal, what: string): string[] {
  return [
    '=== REDSTART BUG REPORT START: Cut & paste starting from here ===',
    `Redstart ${VERSION} crashed by signal: ${NUMBERS[signal]}`,
    what,
    '------ INFO OUTPUT ------',
    ...infoText(engine, ['everything']).split('\r\n'),
    '=== REDSTART BUG REPORT END ===',
  ]
}
