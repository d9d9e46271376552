/** The door to V8's own settings, for a process that is ours: an embedded server leaves its host's alone. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Inlining: our hot path is many small functions (an entry's field, a bucket's slot), and the default budget is
 * used up in the middle of it. About a tenth less CPU per pipelined command.
 *
 * Scavenges: the heap holds next to nothing, so one thread is done with the young generation in less time than it
 * takes to wake and join several; on a busy machine those waits were stalls of up to 10 ms.
 */
export function tuneV8(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000')
  setFlagsFromString('--max-inlined-bytecode-size=800')
  setFlagsFromString('--no-parallel-scavenge')
}

/**
 * Moves what the start has made out of the young generation: a survivor of two scavenges is old. Otherwise the first
 * scavenges under load would copy these megabytes, for milliseconds, where later ones find next to nothing.
 */
export function ageHeap(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void
  setFlagsFromString('--no-expose-gc')
  collect({ type: 'minor' })
  collect({ type: 'minor' })
}
