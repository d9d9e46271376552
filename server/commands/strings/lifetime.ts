/** How long a string shall live: EX, PX, EXAT and PXAT, which SET shares with its kin; and whether it still does. */

import type { Context } from '../../engine/context.js'
import { type Argument, type ArgumentDoc, bytes, readInt64 } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { invalidExpire } from '../../resp/errors.js'

/** Tokens that set a time to live. Their numbers are read late: some commands look at the key first. */
export const deadlines = {
  EX: time('seconds', 'integer'),
  PX: time('milliseconds', 'integer'),
  EXAT: time('unix-time-seconds', 'unix-time'),
  PXAT: time('unix-time-milliseconds', 'unix-time'),
}

export interface Deadline {
  readonly token: keyof typeof deadlines
  readonly value: Span
}

function time(name: string, type: ArgumentDoc['type']): Argument<Span> {
  return { ...bytes(), doc: () => ({ name, type }) }
}

const INT64_MAX = 2n ** 63n - 1n
/** Up to here a time in ms, with the present added to it, is a safe integer. */
const EXACT_MS_MAX = 2 ** 52

/** The unix ms at which the key shall die. */
export function deadlineOf(ctx: Context, { token, value }: Deadline): number | bigint {
  const given = readInt64(value)
  const unitMs = token === 'EX' || token === 'EXAT' ? 1000 : 1
  const from = token === 'EX' || token === 'PX' ? ctx.now : 0
  if (given <= 0) throw invalidExpire(ctx.command.fullName)
  if (given <= EXACT_MS_MAX / unitMs) return Number(given) * unitMs + from
  const at = BigInt(given) * BigInt(unitMs) + BigInt(from)
  if (at > INT64_MAX) throw invalidExpire(ctx.command.fullName)
  return at
}
