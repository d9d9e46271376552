import { expect } from 'vitest'

const PATIENCE_MS = 20_000
const STEP_MS = 20

/** Other processes have their own time: asks again and again until the answer is this, or it takes too long. */
export async function eventually(ask: () => Promise<unknown>, answer: unknown): Promise<void> {
  await expect.poll(ask, { timeout: PATIENCE_MS, interval: STEP_MS }).toEqual(answer)
}

export async function eventuallyMatches(ask: () => Promise<unknown>, pattern: RegExp): Promise<void> {
  await expect.poll(ask, { timeout: PATIENCE_MS, interval: STEP_MS }).toMatch(pattern)
}
