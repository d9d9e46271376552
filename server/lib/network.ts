/**
 * The door to the network: listening and streams of bytes.
 *
 * Reads. Node's 'data' events cost a fresh Buffer and 1.3 us per read; `onread` with one memory shared by all
 * sockets costs neither. A listener cannot ask for it, so an accepted socket's handle is wrapped anew. Bytes are
 * good until the receiver returns: it parses at once and copies what it must keep.
 *
 * Writes. `write` hands a piece of memory over and says whether it is gone already (the kernel took all, the
 * usual case) or must stay untouched until it is.
 */

import { chmodSync, unlinkSync } from 'node:fs'
import net from 'node:net'
import { Mem } from './bytes.js'

/** Bytes in front of a read that the receiver may write to; see resp/parser.ts. */
export interface ReadSpace {
  readonly headroom: number
  readonly bytes: number
}

/** What happens on a wire, told to its owner. */
export interface WireOwner {
  /** Bytes have come: `length` of them at `start`, behind the headroom asked for. */
  received(mem: Mem, start: number, length: number): void
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
  /** Gathers the writes until the matching `uncork` into one. */
  cork(): void
  uncork(): void
  pause(): void
  resume(): void
  keepAlive(seconds: number): void
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

export interface ListenOptions {
  /** A port and the address to bind to, or the path of a unix socket. */
  readonly port?: number
  readonly host?: string
  readonly path?: string
  /** Permissions of a unix socket's file; 0: as they come. */
  readonly mode?: number
  readonly backlog: number
}

export interface Network {
  /** Calls `accept` for every connection: it answers who owns the wire, or null to refuse. */
  listen(options: ListenOptions, accept: (wire: Wire) => WireOwner | null): Promise<Listener>
}

/** The network of this machine. */
export function systemNetwork(space: ReadSpace): Network {
  return new SystemNetwork(space)
}

interface WithHandle {
  _handle: { fd?: number } | null
}

class SystemNetwork implements Network {
  private readonly mem: Mem
  private readonly room: Buffer

  constructor(private readonly space: ReadSpace) {
    this.mem = new Mem(new ArrayBuffer(space.headroom + space.bytes))
    this.room = this.mem.u8.subarray(space.headroom)
  }

  async listen(options: ListenOptions, accept: (wire: Wire) => WireOwner | null): Promise<Listener> {
    const server = net.createServer({ pauseOnConnect: true }, socket => {
      this.adopt(socket, accept)
    })
    if (options.path !== undefined) removeStale(options.path)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options, () => {
        server.off('error', reject)
        resolve()
      })
    })
    if (options.path !== undefined && options.mode) chmodSync(options.path, options.mode)
    server.on('error', () => undefined)
    return new SystemListener(server)
  }

  /** Wraps the accepted handle in a socket that reads into the shared memory. */
  private adopt(accepted: net.Socket, accept: (wire: Wire) => WireOwner | null): void {
    const from = accepted as unknown as WithHandle
    const handle = from._handle
    if (handle === null) return
    from._handle = null
    accepted.destroy()
    let owner: WireOwner | null = null
    const socket = new net.Socket({
      handle,
      onread: {
        buffer: this.room,
        callback: length => {
          owner?.received(this.mem, this.space.headroom, length)
          return true
        },
      },
    } as net.SocketConstructorOpts)
    socket.on('error', () => undefined)
    owner = accept(new SystemWire(socket, handle.fd ?? -1))
    if (owner === null) return
    socket.on('drain', () => owner.drained())
    socket.on('close', () => owner.closed())
    socket.setNoDelay(true)
    socket.read(0)
  }
}

class SystemWire implements Wire {
  readonly remoteAddress: string
  readonly localAddress: string
  readonly loopback: boolean
  readonly unix: boolean

  constructor(
    private readonly socket: net.Socket,
    readonly fd: number,
  ) {
    const { remoteAddress, localAddress } = socket
    this.unix = remoteAddress === undefined
    this.remoteAddress = endpoint(remoteAddress, socket.remotePort)
    this.localAddress = endpoint(localAddress, socket.localPort)
    this.loopback = this.unix || /^(::ffff:)?127\.|^::1$/.test(remoteAddress ?? '')
  }

  get pending(): number {
    return this.socket.writableLength
  }

  write(bytes: Uint8Array): boolean {
    this.socket.write(bytes)
    return this.socket.writableLength === 0
  }

  cork(): void {
    this.socket.cork()
  }

  uncork(): void {
    this.socket.uncork()
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
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

function endpoint(address: string | undefined, port: number | undefined): string {
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
