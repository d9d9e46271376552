import type { TestEngine } from './engine.js'

const TRIES_MAX = 20_000

/** Lets virtual time pass, and promises go on, until something is so. */
export async function until(world: TestEngine, isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries === TRIES_MAX) throw new Error('it never came to be so')
    world.advance(1)
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** As `until`, for a promise: what it resolves to, or rejects with. */
export async function settled<T>(world: TestEngine, promise: Promise<T>): Promise<T> {
  let over = false
  const end = (): void => {
    over = true
  }
  promise.then(end, end)
  await until(world, () => over)
  return promise
}
