/**
 * `maxmemory-clients`: when all clients together take too much memory, the largest have to go.
 *
 * Which is the largest? Sorting ten thousand clients at the end of every turn would cost more than the memory is
 * worth. So clients stand in buckets by the order of magnitude of what they take (a power of two), and a client
 * is weighed anew when its turn has come: it has run something, or something was sent to it. Going means that the
 * first one of the highest bucket that is not empty goes, until the sum is below the limit.
 *
 * Not in a bucket, but in the sum, are those with CLIENT NO-EVICT; replicas and our own links are in neither.
 * Nothing is weighed while there is no limit.
 */

import { clientBytes } from '../engine/client-memory.js'
import type { Engine } from '../engine/engine.js'
import type { Connection } from './connection.js'

/** Clients below 32 KB share a bucket, and so do those of 8 GB and more. */
const LOWEST_LOG = 15
const HIGHEST_LOG = 33
/** A limit below this would shut everybody out. */
const LIMIT_MIN_BYTES = 128 * 1024

interface Weight {
  bytes: number
  bucket: Set<Connection> | null
}

/** The order of magnitude that a client belongs to: 0 is the lowest. */
export function bucketOf(bytes: number): number {
  const log = bytes < 1 ? 0 : Math.floor(Math.log2(bytes)) + 1
  return Math.min(Math.max(log, LOWEST_LOG), HIGHEST_LOG) - LOWEST_LOG
}

export class ClientEviction {
  private readonly buckets = Array.from({ length: HIGHEST_LOG - LOWEST_LOG + 1 }, () => new Set<Connection>())
  private readonly weights = new Map<Connection, Weight>()
  /** Bytes of all that are weighed. */
  private sum = 0
  private limit: number
  /** True once it was said that nobody is left who could go. */
  private told = false

  constructor(
    private readonly engine: Engine,
    private readonly everybody: ReadonlySet<Connection>,
  ) {
    this.limit = this.limitNow()
    engine.config.onAnyChange(['maxmemory-clients', 'maxmemory'], () => this.limitChanged())
  }

  /** Has the connection's present size counted. */
  weigh(connection: Connection): void {
    if (this.limit === Infinity) return
    const { session } = connection
    if (session.trusted || session.class === 'replica') {
      this.forget(connection)
      return
    }
    const weight = this.weights.get(connection) ?? this.begin(connection)
    const bytes = clientBytes(session)
    this.sum += bytes - weight.bytes
    weight.bytes = bytes
    const bucket = session.noEvict ? null : this.buckets[bucketOf(bytes)]
    if (bucket === weight.bucket) return
    weight.bucket?.delete(connection)
    bucket?.add(connection)
    weight.bucket = bucket
  }

  /** Weighs, and does not wait for the end of the turn. */
  weighNow(connection: Connection): void {
    if (this.limit === Infinity) return
    this.weigh(connection)
    this.enforce()
  }

  forget(connection: Connection): void {
    const weight = this.weights.get(connection)
    if (weight === undefined) return
    this.sum -= weight.bytes
    weight.bucket?.delete(connection)
    this.weights.delete(connection)
  }

  /** Lets the largest go until the limit holds. */
  enforce(): void {
    while (this.sum >= this.limit) {
      const victim = this.largest()
      if (victim === null) {
        if (!this.told) this.engine.log.warning('Over client maxmemory after evicting all evictable clients')
        this.told = true
        return
      }
      this.evict(victim)
    }
    this.told = false
  }

  private begin(connection: Connection): Weight {
    const weight = { bytes: 0, bucket: null }
    this.weights.set(connection, weight)
    return weight
  }

  private largest(): Connection | null {
    for (let i = this.buckets.length - 1; i >= 0; i--)
      for (const connection of this.buckets[i]) return connection
    return null
  }

  private evict(connection: Connection): void {
    const { engine } = this
    engine.log.notice(`Evicting client: ${connection.describe()}`)
    engine.stats.evictedClients++
    this.forget(connection)
    connection.cutOff()
  }

  private limitChanged(): null {
    this.limit = this.limitNow()
    if (this.limit === Infinity) for (const connection of [...this.weights.keys()]) this.forget(connection)
    else for (const connection of this.everybody) this.weigh(connection)
    this.engine.wantTurn()
    return null
  }

  private limitNow(): number {
    const { maxmemoryClients: share, maxmemory } = this.engine.config.values
    // A negative number of bytes is how old configurations spell a percentage.
    const percent = 'percent' in share ? share.percent : -share.bytes
    const bytes = percent > 0 ? (maxmemory * percent) / 100 : -percent
    return bytes === 0 ? Infinity : Math.max(LIMIT_MIN_BYTES, bytes)
  }
}
