import { expect, test } from 'vitest'
import { compare } from '../../bench/comparison.js'
import { alternate } from '../../bench/contenders.js'

test('the sides take turns and change who begins', async () => {
  const order: string[] = []
  const runs = await alternate({ subject: 'ours', reference: 'theirs' }, 3, async name => order.push(name))
  expect(order).toEqual(['ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs'])
  expect(runs).toEqual({ subject: [1, 4, 5], reference: [2, 3, 6] })
})

test('without a reference the subject is measured alone', async () => {
  const runs = await alternate({ subject: 'ours', reference: null }, 2, async name => name)
  expect(runs).toEqual({ subject: ['ours', 'ours'], reference: [] })
})

test('a comparison is the ratio of medians, with the spread of the rounds', () => {
  const runs = { subject: [1, 2, 6], reference: [4, 4, 4] }
  expect(compare(runs, figure => figure)).toEqual({
    subject: 2,
    reference: 4,
    ratio: 0.5,
    spread: [0.25, 1.5],
  })
})

test('a comparison with nothing has no ratio', () => {
  const runs = { subject: [1], reference: [] }
  expect(compare(runs, figure => figure)).toEqual({ subject: 1, reference: null, ratio: null, spread: null })
})
