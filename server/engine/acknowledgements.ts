/** Who has confirmed what a session wrote. WAIT asks; the replication and the append-only file answer. */

import type { Session } from './session.js'

export interface Acknowledgements {
  /** This server follows a master: nobody follows what is written here. */
  readonly onReplica: boolean
  /** Replicas that have all that the session wrote. */
  replicas(session: Session): number
  /** 1 when it is on this server's disk. */
  localDisks(session: Session): number
  /** Replicas that have it on their disks. */
  replicaDisks(session: Session): number
  /** Somebody waits: replicas are to say how far they are. */
  request(): void
}

/** The answers of a server without replicas and without a file. */
export const NO_ACKNOWLEDGEMENTS: Acknowledgements = {
  onReplica: false,
  replicas: () => 0,
  localDisks: () => 0,
  replicaDisks: () => 0,
  request: () => undefined,
}
