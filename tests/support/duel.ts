import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../server/lib/random.js'
import { type TestEngineOptions, testEngine } from './engine.js'
import { describeWithOracle, type Oracle, startOracle } from './oracle.js'
import { RawLink } from './raw-link.js'
import { type Line, lineOf, wordsOf } from './request.js'

/** Lines asked for at a time: the oracle answers them in one round trip. */
const BATCH = 500

/** Lines shown before the one that was answered differently. */
const SHOWN = 8

/** A duel for each seed, with the lines that are drawn from it. `config`: of both. */
export function randomDuels(
  title: string,
  seeds: readonly number[],
  draw: (random: Random) => readonly Line[],
  config: Readonly<Record<string, string>> = {},
): void {
  describeWithOracle(title, () => {
    let oracle: Oracle
    beforeAll(async () => {
      oracle = await startOracle(Object.entries(config).flatMap(([name, value]) => [`--${name}`, value]))
    })
    afterAll(() => oracle.stop())

    test.each(seeds)('seed %i', async seed => {
      await duel(oracle, draw(seededRandom(seed)), config)
    })
  })
}

/**
 * Asks redis-server and ours the same lines, one after the other, and fails at the first that is not answered with the
 * same bytes. Both begin empty; at the end our memory is audited.
 */
export async function duel(
  oracle: Oracle,
  lines: readonly Line[],
  config: TestEngineOptions['config'] = {},
): Promise<void> {
  const link = await RawLink.open(oracle.port)
  const world = testEngine({ config })
  const ours = world.client()
  try {
    await link.ask('FLUSHALL')
    for (let from = 0; from < lines.length; from += BATCH) {
      const batch = lines.slice(from, from + BATCH)
      for (const line of batch) link.send(line)
      for (const [index, line] of batch.entries()) {
        const theirs = (await link.receive()).bytes
        ours.send(line)
        const answer = ours.receive().bytes
        if (!answer.equals(theirs))
          expect(answer.toString('latin1'), story(lines, from + index)).toBe(theirs.toString('latin1'))
      }
    }
  } finally {
    link.close()
  }
  world.audit()
}

function story(lines: readonly Line[], index: number): string {
  const shown = lines.slice(Math.max(0, index - SHOWN), index + 1)
  return shown.map(line => lineOf(wordsOf(line).map(word => word.toString('latin1')))).join('\n')
}
