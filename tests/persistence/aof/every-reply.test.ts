import { expect, test } from 'vitest'
import { VirtualClock } from '../../../server/lib/clock.js'
import { seededRandom } from '../../../server/lib/random.js'
import { SimulatedDisk } from '../../../server/lib/simulated-disk.js'
import { AofWorld, DATA_FOLDER } from '../../support/aof-world.js'

const CLIENTS = 20
const TURNS = 150
const TURNS_TO_ANSWER = 500
const WORDS = [
  ['INCR', 'a'],
  ['GET', 'a'],
  ['MULTI'],
  ['EXEC'],
  ['RPUSH', 'l', 'x'],
  ['EVAL', "return redis.call('INCR', KEYS[1])", '1', 'b'],
  ['SELECT', '1'],
  ['BGREWRITEAOF'],
]

test.each([1, 2, 3])('with always every reply comes, whoever asks how much at once (seed %i)', async seed => {
  const random = seededRandom(seed)
  const diskClock = new VirtualClock()
  const disk = new SimulatedDisk({ random, clock: diskClock, latencyMaxMs: 3 })
  const ticking = setInterval(() => diskClock.advance(1), 0)
  await disk.mkdir(DATA_FOLDER)
  clearInterval(ticking)
  const world = new AofWorld({ disk, config: { appendfsync: 'always' }, seed })
  world.clock.every(1, () => diskClock.advance(1))
  await world.start()
  const clients = Array.from({ length: CLIENTS }, () => world.client())
  let asked = 0
  let answered = 0
  const count = (): void => {
    answered++
  }
  for (let turn = 0; turn < TURNS; turn++) {
    for (let left = random.below(30); left > 0; left--) {
      asked++
      clients[random.below(CLIENTS)].execute(WORDS[random.below(WORDS.length)], false).then(count, count)
    }
    await world.turn()
  }
  for (let turn = 0; turn < TURNS_TO_ANSWER && answered < asked; turn++) await world.turn()
  expect(answered).toBe(asked)
  expect(asked).toBeGreaterThan(1000)
})
