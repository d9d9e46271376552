/**
 * Writing to a socket beneath its stream.
 *
 * The kernel nearly always takes all bytes at once; then the stream's queue, callbacks and next tick, 0.7 us of
 * them, were for nothing. What lies beneath is a handle whose `writeBuffer(request, bytes)` writes what the kernel
 * takes and keeps the request only for what is left, in the order of the calls. So we call it ourselves, with one
 * spare request that is used up only when something is left.
 *
 * Nothing left is not the same as not used up. What the kernel did not take at first is offered to it once more; if
 * the reader has made room meanwhile, all is gone, but the request stands in libuv's queue until the next turn, and
 * Node aborts the process when it is used twice. The request itself knows: it has an id while it stands there.
 *
 * Node does not hand out the class of these requests. The first write of all goes through the stream, and
 * shows it to us; should a later Node do it differently, nothing is learnt and the stream goes on writing.
 */

/** What Node calls WriteWrap. */
export interface WriteRequest {
  oncomplete?: (status: number) => void
  /** Where Node, too, keeps what is being written from being collected. */
  buffer?: Uint8Array
  /** Above 0 while the system has the request. */
  getAsyncId(): number
}

/** The parts of a socket's handle that we use. */
export interface WritableHandle {
  writeBuffer: (request: WriteRequest, bytes: Uint8Array) => number
  /** Bytes that the kernel has not taken yet. */
  readonly writeQueueSize: number
}

/** Where the spare request comes from: shared by the wires of a network. */
export class WriteRequests {
  private kind: (new () => WriteRequest) | null = null
  private spare: WriteRequest | null = null

  get known(): boolean {
    return this.kind !== null
  }

  /** Looks at the request of this handle's next write. */
  learnFrom(handle: WritableHandle): void {
    const { writeBuffer } = handle
    handle.writeBuffer = (request, bytes) => {
      handle.writeBuffer = writeBuffer
      if (typeof handle.writeQueueSize === 'number' && typeof request.getAsyncId === 'function')
        this.kind = request.constructor as new () => WriteRequest
      return writeBuffer.call(handle, request, bytes)
    }
  }

  /** A request that nobody waits for. */
  take(): WriteRequest {
    const { spare, kind } = this
    this.spare = null
    if (spare !== null) return spare
    if (kind === null) throw new Error('no write has been seen yet')
    return new kind()
  }

  /** Takes a request back if it was not needed, as most often; false: the system has it. */
  takeBack(request: WriteRequest): boolean {
    if (request.getAsyncId() > 0) return false
    this.spare = request
    return true
  }
}

/**
 * Writes `bytes`. Answers 0 when they are gone; the count that is not, `gone` being called when it is (with a status
 * below 0 when it never will be); a negative system error when nothing can be written.
 */
export function writeDirectly(
  handle: WritableHandle,
  requests: WriteRequests,
  bytes: Uint8Array,
  gone: (status: number) => void,
): number {
  const request = requests.take()
  const error = handle.writeBuffer(request, bytes)
  if (error !== 0) return error
  if (requests.takeBack(request)) return 0
  const left = handle.writeQueueSize
  if (left > 0) {
    request.oncomplete = gone
    request.buffer = bytes
  }
  return left
}
