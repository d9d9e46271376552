/**
 * Who has confirmed what a session wrote. WAIT asks, CLIENT ACKS makes every reply wait for it; the replication and
 * the append-only file answer.
 */

import type { Session } from './session.js'

/** Where a write ends: a session stands for its last one. */
export interface Written {
  /** In the history of this server, as offsets of replication count. */
  readonly replicatedTo: number
  /** In the append-only file, counted from the start of this server. */
  readonly loggedTo: number
}

/** What a client wants to be sure of before it is told that a write is done: CLIENT ACKS. */
export interface Demand {
  /** So many replicas have it. */
  readonly replicas: number
  /** It is on the disk: here, and on those replicas. */
  readonly fsync: boolean
  /** Ms after which the client is told that it is not so; 0: it waits for ever. */
  readonly timeoutMs: number
}

export interface Acknowledgements {
  /** This server follows a master: nobody follows what is written here. */
  readonly onReplica: boolean
  /** Replicas that have all that was written. */
  replicas(written: Written): number
  /** 1 when it is on this server's disk. */
  localDisks(written: Written): number
  /** Replicas that have it on their disks. */
  replicaDisks(written: Written): number
  /** Somebody waits: replicas are to say how far they are. */
  request(): void
  /** From now on the session's replies to writes wait for this; null: for nothing. */
  demand(session: Session, demand: Demand | null): void
  /** The place in the history behind what the session has written; on a replica, behind what it can read here. */
  place(session: Session): string
}

/** The answers of a server without replicas and without a file. */
export const NO_ACKNOWLEDGEMENTS: Acknowledgements = {
  onReplica: false,
  replicas: () => 0,
  localDisks: () => 0,
  replicaDisks: () => 0,
  request: () => undefined,
  demand: () => undefined,
  place: () => '',
}
