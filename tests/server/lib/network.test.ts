import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { systemNetwork, type Wire, type WireOwner } from '../../../server/lib/network.js'

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

test('a wire reads into the room that its owner has, and nowhere else while there is some', async () => {
  const bytes = Buffer.from(Array.from({ length: 3 * MB }, (_, i) => i % 251))
  const own = new Mem(new ArrayBuffer(2 * MB))
  const heard: Buffer[] = []
  let filled = 0
  let allThere = (): void => undefined
  const done = new Promise<void>(resolve => (allThere = resolve))
  const owner: WireOwner = {
    get room() {
      return filled > 0 && filled < own.length ? new Span(own, filled, own.length - filled) : null
    },
    received: (mem, start, length) => {
      if (mem === own) expect(start).toBe(filled)
      else heard.push(Buffer.from(mem.u8.subarray(start, start + length)))
      if (filled < own.length) {
        if (mem !== own) mem.u8.copy(own.u8, filled, start, start + length)
        filled += length
      }
      if (filled + Buffer.concat(heard.slice(1)).length === bytes.length) allThere()
      return false
    },
    receivedAll: () => undefined,
    drained: () => undefined,
    closed: () => undefined,
  }
  const network = systemNetwork({ headroom: 16, bytes: 1024 })
  const listener = network.listen({ host: '127.0.0.1', port: 0, backlog: 5 }, () => owner)
  const writer = connect(listener.port, '127.0.0.1')
  writer.write(bytes)
  await done
  expect(own.u8.equals(bytes.subarray(0, own.length))).toBe(true)
  expect(Buffer.concat(heard.slice(1)).equals(bytes.subarray(own.length))).toBe(true)
  writer.destroy()
  await listener.close()
})
