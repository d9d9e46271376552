import { expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'

test.each(['ZADD key 1 a', 'ZADD key 1 a 2 b', 'ZADD key NX 1 a'])(
  'what a waiting client is served after %s is a unit of its own',
  add => {
    const world = testEngine()
    world.client('waiter').send('BZPOPMIN key 0')
    world.client('adder').send(add)
    expect(world.history).toEqual([add, 'ZPOPMIN key'])
  },
)
