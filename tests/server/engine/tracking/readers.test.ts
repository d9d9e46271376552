import { describe, expect, test } from 'vitest'
import { Readers } from '../../../../server/engine/tracking/readers.js'
import { Span } from '../../../../server/lib/bytes.js'
import { type Random, seededRandom } from '../../../../server/lib/random.js'
import { VerifiedArena } from '../../../../server/memory/verified-arena.js'

/** The table beside a naive one, and the arenas that it has asked for. */
class Trial {
  readonly arenas: VerifiedArena[] = []
  readonly readers: Readers
  readonly model = new Map<string, Set<number>>()

  constructor(readonly random: Random) {
    this.readers = new Readers(random, () => {
      const arena = new VerifiedArena()
      this.arenas.push(arena)
      return arena
    })
  }

  add(key: string, id: number): void {
    this.readers.add(Span.of(key), id)
    this.model.set(key, (this.model.get(key) ?? new Set()).add(id))
  }

  take(key: string): void {
    expect(this.readers.take(Span.of(key))).toEqual(this.forget(key))
  }

  takeRandom(): void {
    const taken = this.readers.takeRandom()
    if (taken === null) expect(this.model.size).toBe(0)
    else expect(taken.ids).toEqual(this.forget(taken.key))
  }

  forget(key: string): number[] {
    const ids = [...(this.model.get(key) ?? [])].sort((a, b) => a - b)
    this.model.delete(key)
    return ids
  }

  clear(): void {
    this.readers.clear()
    this.model.clear()
  }

  check(): void {
    expect(this.readers.keys).toBe(this.model.size)
    expect(this.readers.pairs).toBe([...this.model.values()].reduce((sum, ids) => sum + ids.size, 0))
    this.arenas[this.arenas.length - 1].audit(this.readers.blocks())
  }
}

describe('the table of readers', () => {
  test.each([1, 2, 3])('is what a map of sets would be (seed %i)', seed => {
    const trial = new Trial(seededRandom(seed))
    const { random } = trial
    for (let step = 0; step < 4000; step++) {
      const key = 'k'.repeat(random.below(3) * 130) + `${random.below(60)}`
      const dice = random.below(100)
      if (dice < 85) trial.add(key, 2 ** random.below(40) + random.below(40))
      else if (dice < 96) trial.take(key)
      else if (dice < 99) trial.takeRandom()
      else if (random.below(10) === 0) trial.clear()
      if (step % 100 === 0) trial.check()
    }
    trial.check()
  })

  test('answers the readers in the order of their ids, each once', () => {
    const readers = new Readers(seededRandom(1))
    for (const id of [5, 3, 2 ** 40, 5, 1, 3]) readers.add(Span.of('key'), id)
    expect(readers.pairs).toBe(4)
    expect(readers.take(Span.of('key'))).toEqual([1, 3, 5, 2 ** 40])
    expect(readers.take(Span.of('key'))).toEqual([])
  })

  test('forgets few keys one by one, and many with their arena', () => {
    const trial = new Trial(seededRandom(1))
    for (let i = 0; i < 100; i++) trial.readers.add(Span.of(`${i}`), 1)
    trial.clear()
    trial.check()
    expect(trial.arenas).toHaveLength(1)
    for (let i = 0; i < 20_000; i++) trial.readers.add(Span.of(`${i}`), 1)
    trial.clear()
    trial.check()
    expect(trial.arenas).toHaveLength(2)
  })
})
