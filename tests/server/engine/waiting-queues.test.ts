import { describe, expect, test } from 'vitest'
import { WaitingQueues } from '../../../server/engine/waiting-queues.js'

const [a, b, c] = [{ is: 'a' }, { is: 'b' }, { is: 'c' }]

describe('those who wait under a name', () => {
  test('stand in the order in which they came, once each', () => {
    const queues = new WaitingQueues<object>()
    for (const client of [a, b, a, c]) queues.join('x', client)
    expect([...queues.under('x')]).toEqual([a, b, c])
    expect([...queues.under('y')]).toEqual([])
    expect(queues.size).toBe(1)
  })

  test('may leave while others are served, and with the last one the name goes', () => {
    const queues = new WaitingQueues<object>()
    for (const client of [a, b, c]) queues.join('x', client)
    const served: object[] = []
    for (const client of queues.under('x')) {
      served.push(client)
      queues.leave('x', client)
    }
    expect(served).toEqual([a, b, c])
    expect(queues.has('x')).toBe(false)
  })

  test('are not disturbed by one who was not there', () => {
    const queues = new WaitingQueues<object>()
    queues.join('x', a)
    queues.leave('x', b)
    queues.leave('y', a)
    expect([...queues.under('x')]).toEqual([a])
  })
})
