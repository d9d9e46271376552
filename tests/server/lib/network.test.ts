import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { systemNetwork, type Wire } from '../../../server/lib/network.js'

const MB = 1024 * 1024

test('a wire tells when all has gone that the kernel did not take at once, however little it was', async () => {
  const network = systemNetwork({ headroom: 0, bytes: 1024 })
  let drained = (): void => undefined
  const accepted = new Promise<Wire>(resolve => {
    const listener = network.listen({ host: '127.0.0.1', port: 0, backlog: 5 }, wire => {
      resolve(wire)
      void listener.close()
      return { received: () => undefined, drained: () => drained(), closed: () => undefined }
    })
    const reader = connect(listener.port, '127.0.0.1')
    reader.pause()
    void once(reader, 'connect').then(() => (resume = () => reader.resume()))
  })
  let resume = (): void => undefined
  const wire = await accepted
  while (wire.write(Buffer.alloc(MB)));
  expect(wire.write(Buffer.from('the last bytes'))).toBe(false)
  const gone = new Promise<void>(resolve => (drained = resolve))
  resume()
  await gone
  expect(wire.pending).toBe(0)
  expect(wire.write(Buffer.from('more'))).toBe(true)
  wire.destroy()
})
