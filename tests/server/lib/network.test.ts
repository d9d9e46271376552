import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { systemNetwork, type Wire } from '../../../server/lib/network.js'

const MB = 1024 * 1024

test('a wire tells when all has gone that the kernel did not take at once', async () => {
  const network = systemNetwork({ headroom: 0, bytes: 1024 })
  let drained = (): void => undefined
  let accept = (_: Wire): void => undefined
  const accepted = new Promise<Wire>(resolve => (accept = resolve))
  const listener = network.listen({ host: '127.0.0.1', port: 0, backlog: 5 }, wire => {
    accept(wire)
    return {
      received: () => false,
      receivedAll: () => undefined,
      drained: () => drained(),
      closed: () => undefined,
    }
  })
  const reader = connect(listener.port, '127.0.0.1')
  reader.pause()
  await once(reader, 'connect')
  const wire = await accepted
  while (wire.write(Buffer.alloc(MB)));
  expect(wire.write(Buffer.from('the last bytes'))).toBe(false)
  const gone = new Promise<void>(resolve => (drained = resolve))
  reader.resume()
  await gone
  expect(wire.pending).toBe(0)
  expect(wire.write(Buffer.from('more'))).toBe(true)
  wire.destroy()
  reader.destroy()
  await listener.close()
})
