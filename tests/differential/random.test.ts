import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom } from '../../server/lib/random.js'
import { describeWithOracle, type Oracle, startOracle } from '../support/oracle.js'
import { describeFinding, run } from './fuzz/campaign.js'
import { shrink } from './fuzz/shrink.js'

/** A few thousand random requests of all families. `npm run fuzz:diff` asks as many as there is time for. */
const OPERATIONS = Number(process.env['FUZZ_OPS'] ?? 4000)

describeWithOracle('random requests are answered as by redis-server', () => {
  let oracle: Oracle
  beforeAll(async () => {
    oracle = await startOracle(['--enable-debug-command', 'yes'])
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

  test('and so are those of a crowd, with all that others hear of them', async () => {
    const findings: string[] = []
    const campaign = { seed: 40_000, operations: OPERATIONS, only: null, crowd: true }
    for await (const finding of run(oracle, campaign, new Map()))
      if (finding !== null) findings.push(describeFinding(finding))
    expect(findings.join('\n\n')).toBe('')
  }, 120_000)
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
