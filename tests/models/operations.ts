import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../server/lib/random.js'

/** How long the models of the store run: arena, dict and keyspace hide their faults behind long histories. */
export const STORE_OPS = Number(process.env.MODEL_OPS ?? 200_000)
export const STORE_TIMEOUT_MS = 120_000

/** An operation and how often it is to come, relative to the others. */
export type Weighted = readonly [weight: number, run: () => void]

/** Draws operations by their weights. */
export function drawFrom(operations: readonly Weighted[], random: Random): () => void {
  const total = operations.reduce((sum, [weight]) => sum + weight, 0)
  return () => {
    let left = random.float() * total
    for (const [weight, run] of operations) {
      left -= weight
      if (left < 0) return run()
    }
  }
}

/** A structure with what it has to be equal to. */
export interface Trial {
  operations(): readonly Weighted[]
  /** Compares all of it. */
  check(): void
  /** Lets go of all memory, and looks whether any is left. */
  free(): void
}

/** Runs a trial of so many operations, from three seeds. */
export function testModel(title: string, steps: number, make: (random: Random, seed: number) => Trial): void {
  test.each([1, 2, 3])(`${title}, seed %i`, { timeout: STORE_TIMEOUT_MS }, seed => {
    const random = seededRandom(seed)
    const trial = make(random, seed)
    const step = drawFrom(trial.operations(), random)
    for (let i = 0; i < steps; i++) step()
    trial.check()
    trial.free()
  })
}

/** As `expect(actual).toBe(expected)`, but for the sign of 0, and cheaper than what is tested. */
export function same(actual: unknown, expected: unknown): void {
  if (actual !== expected && !Object.is(actual, expected)) expect(actual).toBe(expected)
}

/** A set that can be drawn from: members in an array, their places in a map. */
export class Bag<T> {
  private readonly items: T[] = []
  private readonly places = new Map<T, number>()

  get size(): number {
    return this.items.length
  }

  add(item: T): void {
    if (this.places.has(item)) return
    this.places.set(item, this.items.length)
    this.items.push(item)
  }

  delete(item: T): void {
    const place = this.places.get(item)
    if (place === undefined) return
    this.places.delete(item)
    const last = this.items.pop()!
    if (last === item) return
    this.items[place] = last
    this.places.set(last, place)
  }

  draw(random: Random): T {
    return this.items[random.below(this.items.length)]
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]()
  }
}
