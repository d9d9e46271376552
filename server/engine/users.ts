/**
 * Who may come in. Without access control lists there is one user, `default`, whose password is `requirepass`;
 * the ACL room puts a list of users in its place.
 *
 * Who is authenticated is decided when a session begins: CONFIG SET requirepass asks nobody again who is in.
 */

import type { Config } from '../config/config.js'
import type { Span } from '../lib/bytes.js'
import { sameSecret } from '../lib/digests.js'

export const DEFAULT_USER = 'default'

export interface Users {
  /** True when the default user needs no password: whoever connects is in. */
  readonly open: boolean
  has(name: string): boolean
  /** True when this user may come in with this password. */
  authenticate(name: string, password: Span): boolean
}

/** The user of a server without access control lists. */
export class OneUser implements Users {
  constructor(private readonly config: Config) {}

  get open(): boolean {
    return this.config.values.requirepass === ''
  }

  has(name: string): boolean {
    return name === DEFAULT_USER
  }

  authenticate(name: string, password: Span): boolean {
    if (!this.has(name)) return false
    if (this.open) return true
    return sameSecret(Buffer.from(this.config.values.requirepass, 'latin1'), password.bytes())
  }
}
