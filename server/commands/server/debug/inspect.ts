/** Subcommands of DEBUG that look at how data is held. */

import type { Context } from '../../../engine/context.js'
import type { DebugSubcommand } from '../../../engine/debug-switches.js'
import { ValueWriter } from '../../../data/serial/value-writer.js'
import { UNIT_SHIFT, blockBytes } from '../../../memory/arena.js'
import type { Dict } from '../../../memory/dict.js'
import { Span } from '../../../lib/bytes.js'
import { parseInteger } from '../../../lib/integer.js'
import { DEBUG_DB_OUT_OF_RANGE, NO_SUCH_KEY, NOT_A_HASH_TABLE, NOT_INTEGER } from '../../../resp/errors.js'

const EMPTY_TABLE = 'No stats available for empty dictionaries\n'
const HASHED: ReadonlySet<string> = new Set(['hashtable', 'skiplist'])

export const inspections: readonly DebugSubcommand[] = [
  {
    name: 'object',
    syntax: '<key> [fast]',
    does: 'Shows how a key and its value are held.',
    words: [1, 2],
    run(ctx, [key]) {
      ctx.reply.simple(describe(ctx, entryOf(ctx, key)))
    },
  },
  {
    name: 'htstats',
    syntax: '<dbid> [full]',
    does: 'Returns figures of the tables of a database.',
    words: [1, 2],
    run({ keyspace, reply }, [dbid]) {
      const index = parseInteger(Span.of(dbid))
      if (Number.isNaN(index)) throw NOT_INTEGER
      if (index < 0 || index >= keyspace.databases.length) throw DEBUG_DB_OUT_OF_RANGE
      const { keys, volatile } = keyspace.databases[index].tables
      reply.verbatim('txt', `[Dictionary HT]\n${tableText(keys)}[Expires HT]\n${tableText(volatile)}`)
    },
  },
  {
    name: 'htstats-key',
    syntax: '<key> [full]',
    does: 'Returns figures of the table that a value is.',
    words: [1, 2],
    run(ctx, [key]) {
      const { keyspace, reply } = ctx
      const ref = entryOf(ctx, key)
      const kind = keyspace.kinds[keyspace.entries.type(ref)]
      if (!HASHED.has(kind.encodingName(ref))) throw NOT_A_HASH_TABLE
      reply.verbatim(
        'txt',
        `Hash table 0 stats (main hash table):\n blocks: ${[...kind.blocks(ref)].length}\n`,
      )
    },
  },
  {
    name: 'structsize',
    syntax: '',
    does: 'Returns the sizes of structures.',
    words: [0, 0],
    run({ reply }) {
      reply.simple(`bits:64 unit:${1 << UNIT_SHIFT} entry:${blockBytes(1)} bucket:${blockBytes(64)}`)
    },
  },
]

function entryOf({ db }: Context, key: string): number {
  const ref = db.find(Span.of(key))
  if (ref === 0) throw NO_SUCH_KEY
  return ref
}

function describe({ keyspace }: Context, ref: number): string {
  const { entries, access, kinds } = keyspace
  const kind = kinds[entries.type(ref)]
  const writer = new ValueWriter(true)
  kind.serialize(ref, writer)
  const word = entries.access(ref)
  return (
    `Value at:0x${((ref >>> 0) * (1 << UNIT_SHIFT)).toString(16)} refcount:1 encoding:${kind.encodingName(ref)} ` +
    `serializedlength:${writer.length} lru:${word & 0xffffff} lru_seconds_idle:${access.idleSeconds(word)}`
  )
}

function tableText(dict: Dict): string {
  const heading = 'Hash table 0 stats (main hash table):\n'
  if (dict.count === 0) return `${heading}${EMPTY_TABLE}`
  const fill = (dict.count / dict.buckets).toFixed(2)
  return (
    `${heading} table size: ${dict.buckets}\n number of elements: ${dict.count}\n elements per bucket: ${fill}\n` +
    ` bytes of tables: ${dict.tableBytes}\n rehashing: ${dict.rehashing ? 1 : 0}\n`
  )
}
