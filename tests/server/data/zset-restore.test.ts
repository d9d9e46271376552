import { describe, expect, test } from 'vitest'
import { Type } from '../../../server/data/entry.js'
import { RdbType } from '../../../server/data/serial/encoding.js'
import { SpanSource, ValueReader } from '../../../server/data/serial/value-reader.js'
import { ValueWriter } from '../../../server/data/serial/value-writer.js'
import { Keyspace } from '../../../server/keyspace/keyspace.js'
import { Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { VerifiedArena } from '../../../server/memory/verified-arena.js'

interface Pair {
  readonly member: string
  readonly score: number
}

const MEMBERS = 3000

describe('a big sorted set is restored from members in any order', () => {
  const random = seededRandom(11)
  /** Many have the same score, and both zeros and both infinities are there. */
  const pairs = Array.from({ length: MEMBERS }, (_, i) => ({
    member: `m${String(i).padStart(5, '0')}`,
    score: [-Infinity, -1, -0, 0, i, 2 * MEMBERS, Infinity][Math.floor((i * 7) / MEMBERS)],
  }))
  const orders: readonly (readonly [string, (pairs: Pair[]) => Pair[]])[] = [
    ['the last first, as Redis has it', all => all.reverse()],
    ['the first first', all => all],
    ['none', all => all.sort(() => random.float() - 0.5)],
    ['two rows, one behind the other', all => [...all.splice(MEMBERS / 2).reverse(), ...all.reverse()]],
  ]
  for (const [title, arranged] of orders) {
    test(title, () => {
      const arena = new VerifiedArena()
      const keyspace = new Keyspace(arena, random, { k0: 1, k1: 2 }, 1)
      const ref = restored(keyspace, arranged([...pairs]))
      keyspace.databases[0].adopt(Span.of('z'), ref)
      const met: Pair[] = []
      const cursor = keyspace.sortedSets.cursorAt(ref, 0)
      for (let more = cursor !== null; more; more = cursor!.next())
        met.push({ member: cursor!.member().latin1(), score: cursor!.score })
      expect(met).toEqual(pairs)
      arena.audit(keyspace.blocks())
      expect(keyspace.entries.type(ref)).toBe(Type.zset)
    })
  }
})

function restored(keyspace: Keyspace, pairs: readonly Pair[]): number {
  const writer = new ValueWriter(false)
  writer.size(pairs.length)
  for (const { member, score } of pairs) {
    writer.string(Span.of(member))
    writer.double(score)
  }
  const reader = new ValueReader(new SpanSource(writer.written))
  return keyspace.deserialize(RdbType.zset2, reader, Span.of('z'), -1)
}
