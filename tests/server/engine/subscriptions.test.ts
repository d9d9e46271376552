import { expect, test } from 'vitest'
import { Subscriptions } from '../../../server/engine/subscriptions.js'
import { testEngine } from '../../support/engine.js'

test('a name has its subscribers, whether one or many, in the order in which they came', () => {
  const world = testEngine()
  const [a, b, c] = ['a', 'b', 'c'].map(name => world.client(name).session)
  const kind = new Subscriptions()
  const receivers = (): unknown => {
    const all = kind.subscribers('news')
    return all instanceof Set ? [...all] : all
  }
  expect([receivers(), kind.countOn('news'), kind.size]).toEqual([undefined, 0, 0])
  expect([kind.add(a, 'news'), kind.add(a, 'news')]).toEqual([true, false])
  expect(receivers()).toBe(a)
  kind.add(b, 'news')
  kind.add(c, 'news')
  kind.add(c, 'other')
  expect([receivers(), kind.countOn('news')]).toEqual([[a, b, c], 3])
  expect([kind.remove(b, 'news'), kind.remove(b, 'news')]).toEqual([true, false])
  expect([receivers(), kind.countOf(b)]).toEqual([[a, c], 0])
  kind.remove(a, 'news')
  expect(kind.countOn('news')).toBe(1)
  kind.remove(c, 'news')
  expect([kind.countOn('news'), [...kind.names()], kind.namesOf(c)]).toEqual([0, ['other'], ['other']])
})
