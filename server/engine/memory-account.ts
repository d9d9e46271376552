/**
 * What memory is used, and for what: INFO memory, MEMORY STATS, and the limit of maxmemory all ask here.
 *
 * These are counts, not estimates. The data is the arena's `used`; the buffers of clients are counted by the
 * network as they grow and shrink; rooms that keep bytes of their own (a backlog, scripts) register as users.
 * V8's own heap is not in it: it holds no data, and it grows and shrinks as it likes.
 */

import type { Keyspace } from '../keyspace/keyspace.js'
import type { Engine } from './engine.js'

/** The page that the arena never hands out, so that reference 0 can mean none: all that an empty server uses. */
const STARTUP_BYTES = 64 * 1024

/** What rooms keep bytes for, as MEMORY STATS names it; what it does not name is overhead all the same. */
export type MemoryPurpose =
  | 'replication.backlog'
  | 'clients.slaves'
  | 'clients.tracking'
  | 'aof.buffer'
  | 'snapshot.buffers'
  | 'lua.caches'
  | 'functions.caches'

/** A room that keeps bytes outside the arena. */
export interface MemoryUser {
  readonly purpose: MemoryPurpose
  /** Counted against maxmemory. Buffers of history are not: evicting keys fills them. */
  readonly limited: boolean
  bytes(): number
}

export interface DatabaseMemory {
  readonly index: number
  readonly keysTableBytes: number
  readonly expiresTableBytes: number
}

export interface MemoryReport {
  readonly used: number
  readonly peak: number
  readonly startup: number
  /** Everything that is not keys and values. */
  readonly overhead: number
  readonly dataset: number
  readonly clientsNormal: number
  /** What is used but not held against maxmemory. */
  readonly notCounted: number
  readonly databases: readonly DatabaseMemory[]
  bytesFor(purpose: MemoryPurpose): number
}

export class MemoryAccount {
  private readonly users: MemoryUser[] = []

  constructor(private readonly engine: Engine) {}

  register(user: MemoryUser): void {
    this.users.push(user)
  }

  /** Bytes in use: INFO's used_memory. */
  get used(): number {
    const used = STARTUP_BYTES + this.engine.keyspace.arena.used + this.engine.clientBytes
    return this.users.length === 0 ? used : used + this.sum(() => true)
  }

  /** Bytes held against maxmemory. Replies of this turn are not: no key must go for what will be sent in a moment. */
  get limited(): number {
    const settled = this.used - this.engine.chunks.fresh
    return this.users.length === 0 ? settled : settled - this.notCounted
  }

  /** Used bytes that are not held against maxmemory. */
  get notCounted(): number {
    return this.sum(user => !user.limited)
  }

  /** Brings the peak up to date and answers it. */
  notePeak(): number {
    const { stats } = this.engine
    stats.peakMemory = Math.max(stats.peakMemory, this.used)
    return stats.peakMemory
  }

  report(): MemoryReport {
    const { used } = this
    const databases = tablesOf(this.engine.keyspace)
    const clientsNormal = this.engine.clientBytes
    const overhead = STARTUP_BYTES + clientsNormal + this.sum(() => true) + bytesOfTables(databases)
    return {
      used,
      peak: this.notePeak(),
      startup: STARTUP_BYTES,
      overhead,
      dataset: Math.max(0, used - overhead),
      clientsNormal,
      notCounted: this.notCounted,
      databases,
      bytesFor: purpose => this.sum(user => user.purpose === purpose),
    }
  }

  private sum(counts: (user: MemoryUser) => boolean): number {
    let bytes = 0
    for (const user of this.users) if (counts(user)) bytes += user.bytes()
    return bytes
  }
}

/** Databases that hold something, and what their tables take. */
function tablesOf(keyspace: Keyspace): DatabaseMemory[] {
  return keyspace.databases
    .filter(db => db.size > 0)
    .map(({ index, tables }) => ({
      index,
      keysTableBytes: tables.keys.tableBytes,
      expiresTableBytes: tables.volatile.tableBytes,
    }))
}

function bytesOfTables(databases: readonly DatabaseMemory[]): number {
  return databases.reduce(
    (sum, { keysTableBytes, expiresTableBytes }) => sum + keysTableBytes + expiresTableBytes,
    0,
  )
}
