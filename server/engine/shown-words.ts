/** The words of a command as people are shown them, in the slow log and by MONITOR: long ones cut, secrets hidden. */

import type { Span } from '../lib/bytes.js'
import type { Context } from './context.js'

/** At most the first `most` words of the context's command, and `bytes` of each. */
export function shownWords({ command, request }: Context, most: number, bytes: number): string[] {
  const words = request.list(0, Math.min(request.count, most)).map(word => excerpt(word, bytes))
  const redact = command.options.redact ?? command.parent?.options.redact
  return redact === undefined ? words : redact(words)
}

function excerpt(word: Span, bytes: number): string {
  const more = word.length - bytes
  return more > 0 ? `${word.prefix(bytes)}... (${more} more bytes)` : word.latin1()
}
