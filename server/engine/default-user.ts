/**
 * Who may come in. There are no access control lists: there is one user, `default`, whose password is `requirepass`.
 *
 * Who is authenticated is decided when a session begins: CONFIG SET requirepass asks nobody again who is in.
 */

import type { Config } from '../config/config.js'
import type { Span } from '../lib/bytes.js'
import { sameSecret } from '../lib/digests.js'

export const DEFAULT_USER = 'default'

export class DefaultUser {
  constructor(private readonly config: Config) {}

  /** True when it needs no password: whoever connects is in. */
  get open(): boolean {
    return this.config.values.requirepass === ''
  }

  has(name: string): boolean {
    return name === DEFAULT_USER
  }

  /** True when a user of this name may come in with this password. */
  authenticate(name: string, password: Span): boolean {
    if (!this.has(name)) return false
    if (this.open) return true
    return sameSecret(Buffer.from(this.config.values.requirepass, 'latin1'), password.bytes())
  }
}
