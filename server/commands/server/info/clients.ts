import type { Engine } from '../../../engine/engine.js'
import type { InfoSection } from '../../../engine/part.js'
import type { Session } from '../../../engine/session.js'

export const clientsSection: InfoSection = {
  name: 'clients',
  default: true,
  *fields(engine) {
    const clients = clientsOf(engine)
    const mostOf = (bytes: (session: Session) => number) =>
      clients.reduce((most, one) => Math.max(most, bytes(one)), 0)
    yield ['connected_clients', clients.length]
    yield ['cluster_connections', 0]
    yield ['maxclients', engine.config.values.maxclients]
    yield ['client_recent_max_input_buffer', mostOf(({ transport }) => transport.queryCapacity)]
    yield ['client_recent_max_output_buffer', mostOf(({ transport }) => transport.outputBytes)]
    yield ['blocked_clients', engine.waiting.blocked]
    yield ['tracking_clients', engine.tracking.clients]
    yield ['pubsub_clients', clients.filter(({ subscriptions }) => subscriptions > 0).length]
    yield ['watching_clients', engine.watches.sessions]
    yield ['clients_in_timeout_table', clients.filter(({ waiting }) => isTimed(waiting?.deadlineMs)).length]
    yield ['total_watched_keys', engine.watches.size]
    yield ['total_blocking_keys', engine.waiting.keys]
    yield ['total_blocking_keys_on_nokey', 0]
  },
}

/** Those who are somebody's connection, and no replica's. */
function clientsOf(engine: Engine): Session[] {
  return [...engine.sessions.values()].filter(
    one => one.transport.kind !== 'inside' && one.class !== 'replica',
  )
}

function isTimed(deadlineMs: number | undefined): boolean {
  return deadlineMs !== undefined && deadlineMs !== Infinity
}
