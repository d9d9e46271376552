import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../../server/lib/random.js'
import { testEngine } from '../../support/engine.js'
import type { Reply } from '../../support/reply.js'

/**
 * Commands that the oracle does not know, asked at random beside a naive model in JS, which answers as their page
 * says. Time passes meanwhile.
 */

export type Asked = readonly [words: readonly string[], expected: Reply]

export interface CommandModel {
  /** Some request, and what it must be answered. */
  next(): Asked
  /** Requests that tell all the model holds. */
  facts(): readonly Asked[]
}

/** What a model is made of: chance, and the clock of the server, unix ms. */
export interface World {
  readonly random: Random
  readonly now: () => number
}

const OPERATIONS = Number(process.env.COMMAND_OPS ?? 6000)
/** All is compared once in so many requests. */
const LOOK_EVERY = 200
const STEP_MAX_MS = 700

/** Small, so that values change from one encoding to the next. */
const LIMITS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'hash-max-listpack-entries': '4', 'set-max-intset-entries': '4', 'list-max-listpack-size': '3' },
  { 'hash-max-listpack-value': '2', 'list-max-listpack-size': '1', 'stream-node-max-entries': '3' },
]

export function testCommands(title: string, make: (world: World) => CommandModel): void {
  test.each([1, 2, 3])(`${title}, seed %i`, { timeout: 60_000 }, seed => {
    const random = seededRandom(seed)
    const world = testEngine({ seed, config: LIMITS[seed % LIMITS.length] })
    const model = make({ random, now: () => world.clock.wallMs() })
    const compare = ([words, expected]: Asked, at: number): void =>
      expect(world.ask(words), `${at}: ${words.join(' ')}`).toEqual(expected)
    for (let i = 0; i < OPERATIONS; i++) {
      compare(model.next(), i)
      if (random.below(10) === 0) world.advance(random.below(STEP_MAX_MS))
      if (i % LOOK_EVERY === 0) for (const fact of model.facts()) compare(fact, i)
    }
    world.audit()
  })
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]

export const some = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: 1 + random.below(most) }, make)
