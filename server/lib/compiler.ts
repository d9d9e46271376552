/** The door to V8's optimiser. */

import { setFlagsFromString } from 'node:v8'

/**
 * Lets V8 inline more than it does by default: our hot path is many small functions (an entry's field, a bucket's
 * slot), and the default budget is used up in the middle of it. About a tenth less CPU per pipelined command.
 * For a process that is ours: an embedded server leaves its host's flags alone.
 */
export function inlineGenerously(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000')
  setFlagsFromString('--max-inlined-bytecode-size=800')
}
