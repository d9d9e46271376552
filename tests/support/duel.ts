import { expect } from 'vitest'
import { type TestEngineOptions, testEngine } from './engine.js'
import type { Oracle } from './oracle.js'
import { RawLink } from './raw-link.js'
import { type Line, lineOf, wordsOf } from './request.js'

/** Lines asked for at a time: the oracle answers them in one round trip. */
const BATCH = 500

/** Lines shown before the one that was answered differently. */
const SHOWN = 8

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
