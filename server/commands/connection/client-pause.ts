/** CLIENT PAUSE, UNPAUSE: see engine/pause.ts. */

import { BAD_PAUSE_MODE, TIMEOUT_NEGATIVE, TIMEOUT_NOT_INTEGER } from '../../resp/errors.js'
import { subcommand } from '../../engine/command.js'
import { bytes, oneOf, optional, readInteger } from '../../engine/grammar.js'

export const pause = subcommand('PAUSE', {
  does: 'Keeps all commands, or those that write, for so many milliseconds; never makes a pause shorter.',
  since: '3.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  args: { timeout: bytes(), mode: optional(oneOf(['WRITE', 'ALL'], BAD_PAUSE_MODE)) },
  run(ctx, { timeout, mode }) {
    const durationMs = readInteger(timeout, TIMEOUT_NOT_INTEGER)
    if (durationMs < 0) throw TIMEOUT_NEGATIVE
    ctx.engine.pause.begin('client', mode === 'WRITE' ? 'write' : 'all', durationMs)
    ctx.reply.ok()
  },
})

export const unpause = subcommand('UNPAUSE', {
  does: 'Ends the pause: what was kept runs.',
  since: '6.2.0',
  group: 'connection',
  complexity: 'O(N) Where N is the number of paused clients',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  run(ctx) {
    ctx.engine.pause.end('client')
    ctx.reply.ok()
  },
})
