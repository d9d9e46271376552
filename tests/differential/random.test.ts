import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom } from '../../server/lib/random.js'
import { describeWithOracle, type Oracle, startOracle } from '../support/oracle.js'
import { describeFinding, run } from './fuzz/campaign.js'
import { FOLLOWED } from './fuzz/follower.js'
import { shrink } from './fuzz/shrink.js'

/** A few thousand random requests of all families. `npm run fuzz:diff` asks as many as there is time for. */
const OPERATIONS = Number(process.env['FUZZ_OPS'] ?? 4000)

describeWithOracle('random requests are answered as by redis-server', () => {
  let oracle: Oracle
  beforeAll(async () => {
    oracle = await startOracle(['--enable-debug-command', 'yes', ...FOLLOWED])
  })
  afterAll(() => oracle.stop())

  test.each([1, 20_000])(
    'from seed %i on',
    async seed => {
      const findings: string[] = []
      for await (const finding of run(oracle, { seed, operations: OPERATIONS, only: null }, new Map()))
        if (finding !== null) findings.push(describeFinding(finding))
      expect(findings.join('\n\n')).toBe('')
    },
    120_000,
  )

  test.each([
    ['and so are those of a crowd, with all that others hear of them', { seed: 40_000, crowd: true }],
    ['and replicas are told the same of them', { seed: 60_000, effects: true }],
  ])('%s', { timeout: 120_000 }, async (_, way) => {
    const findings: string[] = []
    for await (const finding of run(oracle, { operations: OPERATIONS, only: null, ...way }, new Map()))
      if (finding !== null) findings.push(describeFinding(finding))
    expect(findings.join('\n\n')).toBe('')
  })
})

describe('shrinking', () => {
  test('leaves only what the last one needs to fail', async () => {
    const sequence = Array.from({ length: 200 }, (_, i) => i)
    const needed = [17, 18, 140, 199]
    const shortest = await shrink(sequence, async kept => needed.every(each => kept.includes(each)))
    expect(shortest).toEqual(needed)
  })

  test('keeps the last one whatever happens', async () => {
    const random = seededRandom(1)
    const sequence = Array.from({ length: 50 }, () => random.below(10))
    expect(await shrink(sequence, async () => true)).toEqual(sequence.slice(-1))
  })
})
