/** Subcommands of DEBUG that crash the server. What a crash leaves in the log is the program's business. */

import type { DebugSubcommand } from '../../../engine/debug-switches.js'
import { VERSION } from '../../../engine/version.js'

const SIGSEGV = 11

export const crashes: readonly DebugSubcommand[] = [
  {
    name: 'segfault',
    syntax: '',
    does: 'Crashes the server by SIGSEGV. Nobody can report such a death afterwards, so it is told before.',
    words: [0, 0],
    run({ engine }) {
      engine.log.warning(`Redstart ${VERSION} crashed by signal: ${SIGSEGV} (DEBUG SEGFAULT)`)
      engine.facts.die('SIGSEGV')
    },
  },
  failure('panic', 'as when it finds that it cannot go on'),
  failure('assert', 'as when an assertion fails'),
  failure('oom', 'as when there is no memory left'),
]

/** Fails as we fail when we have made a mistake: by an error that no client can cause otherwise. */
function failure(name: string, how: string): DebugSubcommand {
  return {
    name,
    syntax: '',
    does: `Crashes the server ${how}.`,
    words: [0, 0],
    run() {
      throw new Error(`DEBUG ${name.toUpperCase()} was called`)
    },
  }
}
