import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../server/lib/random.js'
import { SETUPS, faultAfterCut, possibleCuts } from './power-cut.js'

describe.each(SETUPS)(
  'a power cut with appendfsync $policy (preamble $preamble, pace $paceMs ms, disk $latencyMs ms)',
  setup => {
    test(
      'leaves a log that loads and holds what was promised, at any moment',
      { timeout: 300_000 },
      async () => {
        const cuts = await possibleCuts(setup)
        const random = seededRandom(7)
        for (let cut = 1; cut <= cuts; cut++) {
          const seed = 1 + random.below(1_000_000)
          expect(await faultAfterCut(setup, cut, seed), `cut ${cut} of ${cuts}, seed ${seed}`).toBeNull()
        }
      },
    )
  },
)
