import { expect, test } from 'vitest'
import { seededRandom } from '../../server/lib/random.js'
import { faultAfterKill } from './kill.js'

test.each(['always', 'everysec', 'no'] as const)(
  'SIGKILL under load with appendfsync %s takes nothing that was promised',
  { timeout: 120_000 },
  async policy => {
    expect(await faultAfterKill(policy, seededRandom(1))).toBeNull()
  },
)
