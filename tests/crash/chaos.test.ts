import { expect, test } from 'vitest'
import { faultInChaos } from './chaos.js'

test('servers that are cut off, stopped, killed and promoted under load hold the same at last', async () => {
  expect(await faultInChaos(1, 5000)).toBeNull()
}, 120_000)
