/** DEBUG DIGEST and DIGEST-VALUE: do two servers hold the same? */

import { Type } from '../../../data/entry.js'
import type { ValueKind } from '../../../data/kind.js'
import { ValueWriter } from '../../../data/serial/value-writer.js'
import { ValueDigest } from '../../../data/value-digest.js'
import type { DebugSubcommand } from '../../../engine/debug-switches.js'
import type { Database } from '../../../keyspace/database.js'
import type { Keyspace } from '../../../keyspace/keyspace.js'
import { Mem, Span } from '../../../lib/bytes.js'

const EXPIRES = Buffer.from('!!expire!!')
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
        digest.reset()
        if (ref !== 0) addValue(digest, keyspace, ref)
        reply.simple(digest.hex)
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

/** Each key with its value, behind the number of the database. */
function addDatabase(sum: ValueDigest, keyspace: Keyspace, { index, tables }: Database): void {
  const key = nowhere()
  const digest = new ValueDigest()
  sum.ordered(bigEndian(index))
  tables.keys.forEach(ref => {
    digest.reset()
    digest.ordered(keyspace.entries.key(ref, key).bytes())
    addValue(digest, keyspace, ref)
    sum.unordered(digest.bytes)
  })
}

/**
 * Its type, what it holds, and whether (but not when) it will die. A type that does not tell its elements is taken as
 * it is serialized, in which two servers may differ.
 */
function addValue(digest: ValueDigest, { entries, kinds, strings }: Keyspace, ref: number): void {
  const type = entries.type(ref)
  const kind = kinds[type]
  digest.ordered(bigEndian(type))
  if (type === Type.string) digest.ordered(strings.view(ref, nowhere()).bytes())
  else if (kind.digest !== undefined) kind.digest(ref, digest)
  else digest.ordered(serialized(kind, ref))
  if (entries.expires(ref)) digest.unordered(EXPIRES)
}

function bigEndian(n: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}

function serialized(kind: ValueKind, ref: number): Uint8Array {
  const writer = new ValueWriter(false)
  kind.serialize(ref, writer)
  return writer.written.bytes()
}

function nowhere(): Span {
  return new Span(NO_MEMORY, 0, 0)
}
