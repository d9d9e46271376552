import { expect, test } from 'vitest'
import {
  type WritableHandle,
  type WriteRequest,
  WriteRequests,
  writeDirectly,
} from '../../../server/lib/direct-writes.js'

/** What Node calls WriteWrap: it has an id while libuv has it, and must not be given to libuv twice. */
class Request implements WriteRequest {
  oncomplete?: (status: number) => void
  buffer?: Uint8Array
  id = -1

  getAsyncId(): number {
    return this.id
  }
}

/** A socket whose kernel takes so much at first, and so much when it is offered the rest. */
class Kernel implements WritableHandle {
  writeQueueSize = 0
  error = 0
  readonly given: Request[] = []

  constructor(
    private readonly first: number,
    private readonly then = 0,
  ) {}

  writeBuffer(given: WriteRequest, bytes: Uint8Array): number {
    if (!(given instanceof Request)) throw new Error('a request of another kind')
    const request = given
    expect(request.id).toBe(-1)
    if (this.error !== 0) return this.error
    const rest = Math.max(0, bytes.length - this.first)
    if (rest > 0) {
      request.id = 7
      this.given.push(request)
      this.writeQueueSize += Math.max(0, rest - this.then)
    }
    return 0
  }

  complete(status: number): void {
    for (const request of this.given.splice(0)) {
      request.id = -1
      request.oncomplete?.(status)
    }
  }
}

const BYTES = Buffer.alloc(100)

function learnt(): WriteRequests {
  const requests = new WriteRequests()
  const handle = new Kernel(100)
  requests.learnFrom(handle)
  handle.writeBuffer(new Request(), BYTES)
  expect(requests.known).toBe(true)
  return requests
}

test('one request serves all writes that the kernel takes at once', () => {
  const requests = learnt()
  const first = requests.take()
  requests.takeBack(first)
  expect(writeDirectly(new Kernel(100), requests, BYTES, () => undefined)).toBe(0)
  expect(requests.take()).toBe(first)
})

test('what the kernel did not take is said, kept, and told of when it is gone', () => {
  const requests = learnt()
  const kernel = new Kernel(30)
  const told: number[] = []
  expect(writeDirectly(kernel, requests, BYTES, status => told.push(status))).toBe(70)
  expect(kernel.given[0].buffer).toBe(BYTES)
  kernel.complete(-32)
  expect(told).toEqual([-32])
})

test('a request that libuv still has is not used again, though all is gone', () => {
  const requests = learnt()
  const raced = new Kernel(30, 70)
  expect(writeDirectly(raced, requests, BYTES, () => undefined)).toBe(0)
  expect(writeDirectly(new Kernel(30), requests, BYTES, () => undefined)).toBe(70)
  raced.complete(0)
})

test('a write that fails says so', () => {
  const kernel = new Kernel(0)
  kernel.error = -32
  expect(writeDirectly(kernel, learnt(), BYTES, () => undefined)).toBe(-32)
})
