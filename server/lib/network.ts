/**
 * The door to the network: listening and streams of bytes.
 *
 * Reads. Node's 'data' events cost a fresh Buffer and 1.3 us per read; `onread` with one memory shared by all
 * sockets costs neither. A listener cannot ask for it, so what lies beneath an accepted or connected socket, its
 * handle, is wrapped by ourselves. Bytes are good until the receiver returns: it parses at once and copies what it
 * must keep. Who waits for much offers memory of its own, and what comes next is read into that.
 *
 * Writes. `write` hands a piece of memory over and says whether it is gone already (the kernel took all, the
 * usual case) or must stay untouched until it is.
 */

import { lookup } from 'node:dns/promises'
import { chmodSync, unlinkSync } from 'node:fs'
import net from 'node:net'
import { bindNow, type Endpoint, serveOn } from './bind.js'
import { Mem, type Span } from './bytes.js'
import { WriteRequests, type WritableHandle, writeDirectly } from './direct-writes.js'

/** How much is read at once into memory of the owner's. */
const OWN_READ_MAX = 1024 * 1024

/** Bytes in front of a read that the receiver may write to; see resp/parser.ts. */
export interface ReadSpace {
  readonly headroom: number
  readonly bytes: number
}

/** What happens on a wire, told to its owner. */
export interface WireOwner {
  /** Where the next bytes should be read to; null, or nothing: to the memory that all share. Asked for after every read. */
  readonly room?: Span | null
  /**
   * Bytes have come: `length` of them at `start`, behind the headroom asked for, or at the start of the `room` that was
   * there. True: commands ran, others had to wait.
   */
  received(mem: Mem, start: number, length: number): boolean
  /** The other side will send nothing more; it may still be reading. */
  receivedAll(): void
  /** All that was written has gone. */
  drained(): void
  /** The wire is no more. */
  closed(): void
}

export interface Wire {
  /** `ip:port`, or the path of a unix socket with `:0`. */
  readonly remoteAddress: string
  readonly localAddress: string
  readonly loopback: boolean
  readonly unix: boolean
  readonly fd: number
  /** Bytes that were written and are not gone. */
  readonly pending: number
  /** True: the bytes are gone and their memory is free. */
  write(bytes: Uint8Array): boolean
  pause(): void
  resume(): void
  keepAlive(seconds: number): void
  /** Whether a small packet goes at once; else it may wait for company. It does unless told otherwise. */
  noDelay(on: boolean): void
  /** Ends after what is pending has gone. */
  end(): void
  /** Ends now. */
  destroy(): void
}

export interface Listener {
  /** The TCP port, also when 0 was asked for. */
  readonly port: number
  /** Stops accepting; open wires stay. */
  close(): Promise<void>
}

export interface ListenOptions extends Endpoint {
  /** Permissions of a unix socket's file; 0: as they come. */
  readonly mode?: number
}

/** Whom to call, and from which of our addresses where that matters. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly from?: string
}

/** A call that may not have been answered yet. */
export interface Call {
  /** Nobody wants it any more: neither answer nor failure is told. */
  cancel(): void
}

export interface Network {
  /**
   * Listens from now on. Calls `accept` for every connection: it answers who owns the wire, or null to refuse.
   * Throws a ListenError (bind.ts) when nobody can listen there.
   */
  listen(options: ListenOptions, accept: (wire: Wire) => WireOwner | null): Listener
  /** Calls a server. `answered` says who owns the wire; `failed` is told why there is none, in the words of the system. */
  connect(target: Target, answered: (wire: Wire) => WireOwner, failed: (reason: string) => void): Call
  /** The addresses of a host; of an address itself. Empty when nobody knows the name. */
  resolve(host: string): Promise<string[]>
}

/** The network of this machine. */
export function systemNetwork(space: ReadSpace): Network {
  return new SystemNetwork(space)
}

/** What Node's sockets are made around. */
type Handle = WritableHandle & { readonly fd?: number }

interface WithHandle {
  _handle: Handle | null
}

class SystemNetwork implements Network {
  private readonly mem: Mem
  private readonly room: Buffer
  private readonly writeRequests = new WriteRequests()

  constructor(private readonly space: ReadSpace) {
    this.mem = new Mem(new ArrayBuffer(space.headroom + space.bytes))
    this.room = this.mem.u8.subarray(space.headroom)
  }

  listen(options: ListenOptions, accept: (wire: Wire) => WireOwner | null): Listener {
    const { path, mode = 0 } = options
    if (path !== undefined) removeStale(path)
    const handle = bindNow(options)
    if (path !== undefined && mode !== 0) chmodSync(path, mode)
    return new SystemListener(
      serveOn(handle, options.backlog, accepted => this.adopt(accepted as Handle, accept)),
    )
  }

  async resolve(host: string): Promise<string[]> {
    if (net.isIP(host) !== 0) return [host]
    const found = await lookup(host, { all: true }).catch(() => [])
    return found.map(({ address }) => address)
  }

  connect(
    { host, port, from }: Target,
    answered: (wire: Wire) => WireOwner,
    failed: (reason: string) => void,
  ): Call {
    const socket = net.connect({ host, port, ...(from === undefined ? {} : { localAddress: from }) })
    const fail = (error: Error): void => failed(error.message)
    socket.on('error', fail)
    socket.once('connect', () => {
      socket.off('error', fail)
      const from = socket as unknown as WithHandle
      const handle = from._handle
      if (handle === null) return
      from._handle = null
      socket.destroy()
      this.adopt(handle, answered)
    })
    return {
      cancel: () => {
        socket.removeAllListeners().on('error', () => undefined)
        socket.destroy()
      },
    }
  }

  /** Wraps a handle in a socket that reads into the shared memory, or into its owner's. */
  private adopt(handle: Handle, accept: (wire: Wire) => WireOwner | null): void {
    let owner: WireOwner | null = null
    let wire: SystemWire | null = null
    let room: Span | null = null
    const socket = new net.Socket({
      handle,
      allowHalfOpen: true,
      onread: {
        buffer: () => {
          room = owner?.room ?? null
          return room === null ? this.room : firstOf(room)
        },
        callback: (length: number, { length: most }: Uint8Array) => {
          const worked = this.pass(owner, room, length)
          if (length === most && (worked || room !== null)) wire?.letOthersRead()
          return true
        },
      },
    } as net.SocketConstructorOpts)
    socket.on('error', () => undefined)
    wire = new SystemWire(socket, handle, this.writeRequests)
    owner = accept(wire)
    if (owner === null) return
    wire.drained = () => owner?.drained()
    socket.on('end', () => owner?.receivedAll())
    socket.on('close', () => {
      owner?.closed()
      // The system's half of a socket stays until the next major collection, and holds this half: not all of a client.
      owner = wire = null
    })
    socket.setNoDelay(true)
    socket.read(0)
  }

  private pass(owner: WireOwner | null, room: Span | null, length: number): boolean {
    if (owner === null) return false
    return room === null
      ? owner.received(this.mem, this.space.headroom, length)
      : owner.received(room.mem, room.start, length)
  }
}

const NOTHING = Buffer.alloc(0)

/** As much as is read in one go: half a millisecond. */
function firstOf({ mem, start, length }: Span): Buffer {
  return mem.u8.subarray(start, start + Math.min(length, OWN_READ_MAX))
}

class SystemWire implements Wire {
  readonly remoteAddress: string
  readonly localAddress: string
  readonly loopback: boolean
  readonly unix: boolean
  /** Called when all has gone that could not go at once. */
  drained: () => void = () => undefined
  readonly fd: number
  private watched = false
  /** Bytes written beneath the stream that are not gone. */
  private directPending = 0
  /** By the owner's will, not for a turn. */
  private paused = false

  constructor(
    private readonly socket: net.Socket,
    private readonly handle: Handle,
    private readonly writeRequests: WriteRequests,
  ) {
    this.fd = handle.fd ?? -1
    const { remoteAddress, localAddress } = socket
    this.unix = remoteAddress === undefined
    this.remoteAddress = endpoint(remoteAddress, socket.remotePort)
    this.localAddress = endpoint(localAddress, socket.localPort)
    this.loopback = this.unix || /^(::ffff:)?127\.|^::1$/.test(remoteAddress ?? '')
  }

  get pending(): number {
    return this.socket.writableLength + this.directPending
  }

  write(bytes: Uint8Array): boolean {
    const { socket } = this
    if (this.pending > 0 || socket.destroyed) return this.writeByStream(bytes)
    if (!this.writeRequests.known) {
      this.writeRequests.learnFrom(this.handle)
      return this.writeByStream(bytes)
    }
    const left = writeDirectly(this.handle, this.writeRequests, bytes, this.directGone)
    if (left === 0) return true
    if (left < 0) socket.destroy()
    else this.directPending = left
    return false
  }

  private writeByStream(bytes: Uint8Array): boolean {
    this.socket.write(bytes)
    if (this.socket.writableLength === 0) return true
    this.watch()
    return false
  }

  pause(): void {
    this.paused = true
    this.socket.pause()
  }

  resume(): void {
    this.paused = false
    this.socket.resume()
  }

  /**
   * Ends this wire's turn. While reads come back full, libuv reads up to 32 times before it looks at other sockets:
   * a client that floods would hold the loop for 20 ms.
   */
  letOthersRead(): void {
    this.socket.pause()
    setImmediate(this.readOn)
  }

  noDelay(on: boolean): void {
    this.socket.setNoDelay(on)
  }

  keepAlive(seconds: number): void {
    this.socket.setKeepAlive(seconds > 0, seconds * 1000)
  }

  end(): void {
    this.socket.end(() => this.socket.destroy())
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** Node tells of a drain only above its high-water mark; an empty write's turn comes when all before it is gone. */
  private watch(): void {
    if (this.watched) return
    this.watched = true
    this.socket.write(NOTHING, this.gone)
  }

  private readonly readOn = (): void => {
    if (!this.paused) this.socket.resume()
  }

  private readonly directGone = (status: number): void => {
    this.directPending = 0
    if (status < 0) this.socket.destroy()
    else if (this.socket.writableLength === 0) this.drained()
  }

  private readonly gone = (error?: Error | null): void => {
    this.watched = false
    if (!error) this.drained()
  }
}

class SystemListener implements Listener {
  constructor(private readonly server: net.Server) {}

  get port(): number {
    const address = this.server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.server.close(() => resolve())
    })
  }
}

function endpoint(address: string | undefined, port = 0): string {
  if (address === undefined) return ''
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`
}

/** A socket file that a former server left behind would make the bind fail. */
function removeStale(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // There was none.
  }
}
