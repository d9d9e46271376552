/** The number of a database, as an argument. */

import type { Span } from '../../lib/bytes.js'
import { parseInt64 } from '../../lib/integer.js'
import type { Context } from '../../engine/context.js'
import { type Argument, bytes } from '../../engine/grammar.js'
import type { Database } from '../../keyspace/database.js'
import { DB_OUT_OF_RANGE, NOT_INTEGER, outOfRange } from '../../resp/errors.js'

const INT_MIN = -(2 ** 31)
const INT_MAX = 2 ** 31 - 1

/** A 32-bit integer; whether there is such a database, the command asks. */
export function databaseIndex(): Argument<number> {
  return {
    ...bytes(),
    parse: words => readIndex(words.next()),
    doc: name => ({ name, type: 'integer' }),
  }
}

function readIndex(word: Span): number {
  const index = parseInt64(word)
  if (index === null) throw NOT_INTEGER
  if (index < INT_MIN || index > INT_MAX) throw outOfRange(INT_MIN, INT_MAX)
  return Number(index)
}

/** The database of that number. Throws DB_OUT_OF_RANGE. */
export function databaseAt({ keyspace }: Context, index: number): Database {
  if (index < 0 || index >= keyspace.databases.length) throw DB_OUT_OF_RANGE
  return keyspace.databases[index]
}
