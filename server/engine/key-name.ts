/** The name under which maps know a key of some database. */

import type { Span } from '../lib/bytes.js'
import { sha256Hex } from '../lib/digests.js'
import type { Database } from '../keyspace/database.js'

/** Longer keys go by their digest: V8 has no string as long as a key can be. */
const SPELLED_MAX = 4096

export function keyName(db: Database, key: Span): string {
  const spelled = key.length <= SPELLED_MAX
  return spelled ? `${db.index}:${key.latin1()}` : `${db.index}#${sha256Hex(key.bytes())}`
}
