/** DEBUG DIGEST and DIGEST-VALUE: do two servers hold the same? */

import { Type } from '../../../data/entry.js'
import type { ValueKind } from '../../../data/kind.js'
import { ValueWriter } from '../../../data/serial/value-writer.js'
import { ValueDigest } from '../../../data/value-digest.js'
import type { DebugSubcommand } from '../../../engine/debug-switches.js'
import type { Database } from '../../../keyspace/database.js'
import type { Keyspace } from '../../../keyspace/keyspace.js'
import { Mem, Span } from '../../../lib/bytes.js'

const NOTHING = '0'.repeat(40)
const EXPIRES = Buffer.from('expires')
const STAYS = Buffer.from('stays')
const NO_MEMORY = new Mem(new ArrayBuffer(0))

export const digests: readonly DebugSubcommand[] = [
  {
    name: 'digest',
    syntax: '',
    does: 'Returns 40 hex digits that tell the data of this server from other data.',
    words: [0, 0],
    run({ keyspace, reply }) {
      reply.simple(digestOfAll(keyspace))
    },
  },
  {
    name: 'digest-value',
    syntax: '<key> [<key> ...]',
    does: 'Returns 40 hex digits for the value of each key.',
    words: [0, Infinity],
    run({ db, keyspace, reply }, keys) {
      const digest = new ValueDigest()
      reply.array(keys.length)
      for (const key of keys) {
        const ref = db.find(Span.of(key))
        reply.simple(ref === 0 ? NOTHING : valueDigest(keyspace, ref, digest).hex)
      }
    },
  },
]

/** The digest of all databases: zeros when there are no keys. */
function digestOfAll(keyspace: Keyspace): string {
  const sum = new ValueDigest()
  for (const db of keyspace.databases) if (db.size > 0) addDatabase(sum, keyspace, db)
  return sum.hex
}

/** A key is digested with its database, its value, and whether (but not when) it will die. */
function addDatabase(sum: ValueDigest, keyspace: Keyspace, { index, tables }: Database): void {
  const { entries } = keyspace
  const key = nowhere()
  const value = new ValueDigest()
  const place = Buffer.from([index & 0xff, index >>> 8])
  tables.keys.forEach(ref => {
    const { bytes } = valueDigest(keyspace, ref, value)
    sum.unordered(place, entries.key(ref, key).bytes(), bytes, entries.expires(ref) ? EXPIRES : STAYS)
  })
}

/** A type that does not tell its elements is taken as it is serialized, in which two servers may differ. */
function valueDigest({ entries, kinds, strings }: Keyspace, ref: number, digest: ValueDigest): ValueDigest {
  const type = entries.type(ref)
  const kind = kinds[type]
  digest.reset()
  if (type === Type.string) digest.ordered(strings.view(ref, nowhere()).bytes())
  else if (kind.digest !== undefined) kind.digest(ref, digest)
  else digest.ordered(serialized(kind, ref))
  return digest
}

function serialized(kind: ValueKind, ref: number): Uint8Array {
  const writer = new ValueWriter(false)
  kind.serialize(ref, writer)
  return writer.written.bytes()
}

function nowhere(): Span {
  return new Span(NO_MEMORY, 0, 0)
}
