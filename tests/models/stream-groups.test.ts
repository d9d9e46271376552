import { expect } from 'vitest'
import { Group } from '../../server/data/stream/groups.js'
import { PendingShares } from '../../server/data/stream/pending-shares.js'
import { ID_BYTES, StreamId } from '../../server/data/stream/stream-id.js'
import { Span } from '../../server/lib/bytes.js'
import type { Random } from '../../server/lib/random.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { STORE_OPS, type Trial, type Weighted, testModel } from './operations.js'

/** More than a chunk has marks. */
const CONSUMERS = 50
const IDS = 4000

/** A group, and the map from ids to names of consumers ('': nobody) that it has to be equal to. */
class GroupTrial implements Trial {
  readonly arena = new VerifiedArena()
  readonly group = new Group(this.arena).create(Span.of('group'), StreamId.least(), 0)
  private readonly pending = new Map<number, string>()

  constructor(private readonly random: Random) {}

  operations(): readonly Weighted[] {
    const { random } = this
    return [
      [6, () => this.deliver()],
      [2, () => this.give(random.below(IDS), this.someName())],
      [1, () => this.give(random.below(IDS), '')],
      [5, () => this.acknowledge(random.below(IDS), 25)],
      [0.2, () => this.removeConsumer()],
      [2, () => this.history()],
      [0.05, () => this.check()],
    ]
  }

  check(): void {
    const { group } = this
    const shares = new PendingShares(group)
    for (let i = 0; i < group.consumerCount; i++) {
      const consumer = group.consumerAt(i)
      expect(idsIn(shares.of(consumer.ref))).toEqual(this.idsOf(consumer.name.latin1()))
    }
    expect(idsIn(shares.of(0))).toEqual(this.idsOf(''))
    expect(group.pending.count).toBe(this.pending.size)
    this.arena.audit([...group.blocks()])
  }

  free(): void {
    while (this.group.free(2) <= 0);
    this.arena.audit([])
  }

  /** As deliveries come: ids in a row for one consumer. */
  private deliver(): void {
    const first = this.random.below(IDS)
    const name = this.someName()
    for (let id = first; id < first + 20; id++) this.give(id, name)
  }

  private give(id: number, name: string): void {
    const { group } = this
    expect(group.addPending(aim(id), 1, 1)).toBe(!this.pending.has(id))
    const word = Span.of(name)
    group.giveTo(name === '' ? null : (group.findConsumer(word) ?? group.addConsumer(word, 0)))
    this.pending.set(id, name)
  }

  private acknowledge(first: number, count: number): void {
    for (let id = first; id < first + count; id++) {
      expect(this.group.acknowledge(aim(id))).toBe(this.pending.delete(id))
    }
  }

  private removeConsumer(): void {
    const name = this.someName()
    const consumer = this.group.findConsumer(Span.of(name))
    if (consumer === null) return
    this.group.removeConsumer(consumer)
    for (const [id, owner] of this.pending) if (owner === name) this.pending.delete(id)
  }

  /** What one consumer has from some id on. */
  private history(): void {
    const name = this.someName()
    const from = this.random.below(IDS)
    const consumer = this.group.findConsumer(Span.of(name))
    if (consumer === null) return
    expect(consumer.owned).toBe(this.idsOf(name).length)
    const found: number[] = []
    for (let more = this.group.seekOwned(consumer, aim(from)); more; more = this.group.nextOwned(consumer)) {
      found.push(Number(this.group.pending.id(new StreamId()).seq))
    }
    expect(found).toEqual(this.idsOf(name).filter(id => id >= from))
  }

  private someName(): string {
    return `consumer-${this.random.below(CONSUMERS)}`
  }

  private idsOf(name: string): number[] {
    return [...this.pending]
      .filter(([, owner]) => owner === name)
      .map(([id]) => id)
      .sort((a, b) => a - b)
  }
}

function aim(id: number): StreamId {
  return new StreamId().setParts(5n, BigInt(id))
}

function idsIn({ mem, start, length }: Span): number[] {
  const ids: number[] = []
  for (let at = start; at < start + length; at += ID_BYTES) ids.push(Number(new StreamId().read(mem, at).seq))
  return ids
}

testModel(
  'a group knows what each consumer has to answer for',
  STORE_OPS / 80,
  random => new GroupTrial(random),
)
