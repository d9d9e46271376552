/** An integer that the command reads when its turn has come: Redis objects to what follows it first. */

import type { Span } from '../../lib/bytes.js'
import { type Argument, bytes } from '../../engine/grammar.js'

export function unread(type: 'integer' | 'unix-time' = 'integer'): Argument<Span> {
  return { ...bytes(), doc: name => ({ name, type }) }
}
