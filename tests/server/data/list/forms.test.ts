import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../../server/lib/random.js'
import { pick } from '../../../models/elements.js'
import { testEngine } from '../../../support/engine.js'
import { ReplyError } from '../../../support/reply.js'
import { LISTPACK, oldZiplist, sealed, string } from './payloads.js'

describe('payloads from whoever', () => {
  const samples = [
    Buffer.from([1, 3, 1, 97, 0xc0, 5, 0]),
    Buffer.concat([Buffer.from([10]), string(oldZiplist())]),
    Buffer.concat([Buffer.from([14, 1]), string(oldZiplist())]),
    Buffer.concat([Buffer.from([18, 2, 1, 2, 104, 105, 2]), string(LISTPACK)]),
  ]

  test('damaged ones are refused or make a list, and leave nothing behind', () => {
    const random = seededRandom(5)
    const world = testEngine()
    let refused = 0
    for (let round = 0; round < 4000; round++) {
      const value = Buffer.from(pick(random, samples))
      for (let i = 1 + random.below(3); i > 0; i--)
        value[1 + random.below(value.length - 1)] = random.below(256)
      const cut = random.below(4) === 0 ? value.subarray(0, 1 + random.below(value.length)) : value
      const reply = world.ask(['RESTORE', 'l', 0, sealed(cut), 'REPLACE'])
      if (reply instanceof ReplyError) {
        expect(reply.line).toBe('ERR Bad data format')
        refused++
      } else {
        expect(world.ask('LLEN l')).toBe((world.ask('LRANGE l 0 -1') as unknown[]).length)
      }
      if (round % 100 === 0) world.audit()
    }
    world.ask('DEL l')
    world.audit()
    expect(refused).toBeGreaterThan(1000)
  })

  test.each([
    ['no elements', [1, 0]],
    ['no nodes', [18, 0]],
    ['an empty listpack', [18, 1, 2, 7, 7, 0, 0, 0, 0, 0, 0xff]],
    ['an unknown container', [18, 1, 3, 1, 97]],
    ['an empty ziplist', [10, 11, 11, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0xff]],
  ])('%s', (_, value) => {
    const world = testEngine()
    expect(world.ask(['RESTORE', 'l', 0, sealed(Buffer.from(value))])).toEqual(
      new ReplyError('ERR Bad data format'),
    )
    world.audit()
  })
})
