/** CLIENT ID, INFO, LIST: who is connected. */

import { subcommand } from '../../engine/command.js'
import type { ArgumentDoc } from '../../engine/grammar.js'
import { CLIENT_TYPE, TO_LIST, filterArguments, readFilters } from './client-filter.js'
import { clientLine } from './client-line.js'

export const id = subcommand('ID', {
  does: "Returns the connection's id: ever larger, never used twice.",
  since: '5.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  run({ session, reply }) {
    reply.int(session.id)
  },
})

export const info = subcommand('INFO', {
  does: 'Tells about the connection, as CLIENT LIST does.',
  since: '6.2.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  tips: ['nondeterministic_output'],
  run(ctx) {
    ctx.reply.verbatim('txt', `${clientLine(ctx, ctx.session)}\n`)
  },
})

const SHOWN: ArgumentDoc = {
  name: 'filters',
  type: 'block',
  arguments: [
    { ...CLIENT_TYPE, token: 'TYPE', optional: true },
    { name: 'client-id', type: 'integer', token: 'ID', optional: true, multiple: true },
  ],
}

export const list = subcommand('LIST', {
  does: 'Tells about all connections, or those that pass the filters, a line for each.',
  since: '2.4.0',
  group: 'connection',
  complexity: 'O(N) where N is the number of client connections',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  tips: ['nondeterministic_output'],
  args: { filters: filterArguments(0, SHOWN) },
  late: true,
  run(ctx, { filters }) {
    const matches = readFilters(ctx, filters, TO_LIST)
    const clients = [...ctx.engine.sessions.values()].filter(matches)
    ctx.reply.verbatim('txt', clients.map(client => `${clientLine(ctx, client)}\n`).join(''))
  },
})
