/**
 * Counts what is in an RDB file. Every value is read as a server would read it, with all its checks, and given back
 * at once: memory is needed for the largest key only, and the sizes told are those that the keys would have here.
 *
 * What it does not find: a key that is there twice. To remember all names would be to load the file.
 */

import { NEVER, Type } from '../../server/data/entry.js'
import { EMPTY_VALUE } from '../../server/data/serial/bad-data.js'
import type { ValueReader } from '../../server/data/serial/value-reader.js'
import { Keyspace } from '../../server/keyspace/keyspace.js'
import type { Span } from '../../server/lib/bytes.js'
import type { Random } from '../../server/lib/random.js'
import { Arena } from '../../server/memory/arena.js'
import type { KeyFacts, RdbReceiver } from '../rdb/decoder.js'

export interface Tally {
  keys: number
  elements: number
  bytes: number
}

export interface BigKey {
  readonly db: number
  readonly key: string
  readonly type: string
  readonly encoding: string
  readonly elements: number
  readonly bytes: number
}

export interface DatabaseTally extends Tally {
  /** Keys with a time to live. */
  expires: number
  /** Those whose time has come. */
  expired: number
}

/** How many of the largest keys are named. */
const BIGGEST = 10

export class RdbCensus implements RdbReceiver {
  readonly checks = true
  readonly facts = new Map<string, string>()
  readonly databases = new Map<number, DatabaseTally>()
  /** By type, and then by encoding. */
  readonly types = new Map<string, Tally>()
  readonly encodings = new Map<string, Tally>()
  /** The largest first. */
  biggest: BigKey[] = []
  libraries = 0
  emptyKeys = 0
  hasChecksum = true
  private index = 0
  private readonly keyspace: Keyspace

  constructor(
    random: Random,
    private readonly nowMs: number,
  ) {
    this.keyspace = new Keyspace(new Arena(), random, { k0: random.uint32() | 0, k1: random.uint32() | 0 }, 1)
  }

  get keys(): number {
    return [...this.databases.values()].reduce((sum, { keys }) => sum + keys, 0)
  }

  checksumMissing(): void {
    this.hasChecksum = false
  }

  fact(name: string, value: string): void {
    this.facts.set(name, value)
  }

  library(): void {
    this.libraries++
  }

  database(index: number): void {
    this.index = index
  }

  sizes(): void {
    // Only a hint: nobody has to make room.
  }

  key(key: Span, rdbType: number, reader: ValueReader, { expireAt }: KeyFacts): void {
    const { keyspace } = this
    try {
      const ref = keyspace.deserialize(rdbType, reader, key, expireAt)
      this.count(key, ref, expireAt)
      keyspace.freeEntry(ref)
    } catch (error) {
      if (error !== EMPTY_VALUE) throw error
      this.emptyKeys++
    }
  }

  private count(key: Span, ref: number, expireAt: number | bigint): void {
    const { keyspace, index } = this
    const kind = keyspace.kinds[keyspace.entries.type(ref)]
    const encoding = kind.encodingName(ref)
    const elements = elementsOf(keyspace, ref)
    const bytes = keyspace.entryBytes(ref)
    const database = tallyAt(this.databases, index, () => ({ ...nothing(), expires: 0, expired: 0 }))
    if (expireAt !== NEVER) database.expires++
    if (expireAt !== NEVER && expireAt < this.nowMs) database.expired++
    add(database, elements, bytes)
    add(tallyAt(this.types, kind.name, nothing), elements, bytes)
    add(tallyAt(this.encodings, `${kind.name} ${encoding}`, nothing), elements, bytes)
    if (this.biggest.length === BIGGEST && bytes <= this.biggest[BIGGEST - 1].bytes) return
    this.biggest.push({ db: index, key: key.latin1(), type: kind.name, encoding, elements, bytes })
    this.biggest.sort((a, b) => b.bytes - a.bytes)
    this.biggest.length = Math.min(this.biggest.length, BIGGEST)
  }
}

function elementsOf({ entries, lists, sets, hashes, sortedSets, streams }: Keyspace, ref: number): number {
  switch (entries.type(ref)) {
    case Type.list:
      return lists.length(ref)
    case Type.set:
      return sets.size(ref)
    case Type.hash:
      return hashes.size(ref)
    case Type.zset:
      return sortedSets.size(ref)
    case Type.stream:
      return streams.open(ref).length
    default:
      return 1
  }
}

const nothing = (): Tally => ({ keys: 0, elements: 0, bytes: 0 })

function tallyAt<K, T>(tallies: Map<K, T>, name: K, make: () => T): T {
  const known = tallies.get(name)
  if (known !== undefined) return known
  const made = make()
  tallies.set(name, made)
  return made
}

function add(tally: Tally, elements: number, bytes: number): void {
  tally.keys++
  tally.elements += elements
  tally.bytes += bytes
}
