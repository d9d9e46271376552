/** How far a bit offset may reach. */

import { byteOf } from '../../data/bits.js'
import type { Context } from '../../engine/context.js'
import { BIT_OFFSET } from '../../resp/errors.js'

/** A string counts its bytes, and the slack behind them, in 32 bits. */
const STRING_BYTES_MAX = 2 ** 32 - 2 ** 21

/** Throws unless the bit lies in a string of the length a client may make: `proto-max-bulk-len`. */
export function expectReachable(ctx: Context, offset: number): void {
  const { protoMaxBulkLen } = ctx.config.values
  const bytesMax = ctx.session.trusted ? STRING_BYTES_MAX : Math.min(protoMaxBulkLen, STRING_BYTES_MAX)
  if (offset < 0 || byteOf(offset) >= bytesMax) throw BIT_OFFSET
}
