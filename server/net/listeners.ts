/**
 * Where the server listens: every address of `bind` at `port`, and the unix socket.
 *
 * CONFIG SET may change `bind` and `port` while the server runs, and has to refuse when the new place cannot be
 * had. Another port is opened before the old one is left. Other addresses at the same port may collide with the
 * present ones (`*` contains them all), so these are left first; when that fails, the config calls again with
 * the old values, and they are taken back. All of it happens between two commands: nobody sees it half done.
 */

import type { Config } from '../config/config.js'
import { isAddress, ListenError } from '../lib/bind.js'
import type { Log } from '../lib/log.js'
import type { Listener, Network, Wire, WireOwner } from '../lib/network.js'

/** Answers who owns a new wire, or null when it was refused. */
export type Accept = (wire: Wire) => WireOwner | null

/** There is nowhere to listen; the sentence is for the log, which has the details. */
class ListeningFailed extends Error {}

/** Families and addresses that a machine may do without. A wildcard of a missing family is always forgiven. */
const MISSING_ADDRESS = 'EADDRNOTAVAIL'
const MISSING_FAMILY = 'EAFNOSUPPORT'

export class Listeners {
  private readonly tcp = new Map<string, Listener>()
  private unix: Listener | null = null
  private port = 0
  /** What the names in `bind` stand for; looking one up takes time that CONFIG SET does not have. */
  private readonly addresses = new Map<string, readonly string[]>()

  constructor(
    private readonly network: Network,
    private readonly config: Config,
    private readonly log: Log,
    private readonly accept: Accept,
  ) {
    config.onAnyChange(['port', 'bind'], () => this.change())
  }

  /** Opens all that is configured, or throws ListeningFailed and has opened nothing. `anyPort`: for port 0. */
  async open(anyPort = false): Promise<void> {
    const { bind, port, unixsocket } = this.config.values
    for (const host of bind) await this.lookUp(plain(host))
    try {
      if (port > 0 || anyPort) this.openAll(bind, port)
      if (unixsocket !== '') this.openUnix(unixsocket)
    } catch (error) {
      await this.close()
      throw error
    }
    if (anyPort) this.config.replace('port', this.port)
    if (this.kinds.length === 0) throw new ListeningFailed('Configured to not listen anywhere, exiting.')
  }

  async close(): Promise<void> {
    const open = [...this.tcp.values(), ...(this.unix === null ? [] : [this.unix])]
    this.tcp.clear()
    this.unix = null
    await Promise.all(open.map(listener => listener.close()))
  }

  /** What the log says connections are accepted on. */
  get kinds(): string[] {
    return [...(this.tcp.size > 0 ? ['tcp'] : []), ...(this.unix === null ? [] : ['unix'])]
  }

  private change(): string | null {
    const { bind, port } = this.config.values
    const old = new Map(this.tcp)
    const moves = port !== this.port
    if (!moves) this.leave(old)
    try {
      if (port > 0) this.openAll(bind, port)
    } catch (error) {
      if (!(error instanceof ListeningFailed)) throw error
      return moves
        ? 'Unable to listen on this port. Check server logs.'
        : 'Failed to bind to specified addresses.'
    }
    if (moves) this.leave(old)
    this.port = port
    return null
  }

  /** All or nothing. */
  private openAll(bind: readonly string[], port: number): void {
    const opened = new Map<string, Listener>()
    try {
      for (const entry of bind) {
        for (const host of this.addressesOf(plain(entry))) {
          const listener = this.openOne(host, opened.size === 0 ? port : this.port, entry)
          if (listener === null) continue
          this.port = listener.port
          opened.set(`${host} ${listener.port}`, listener)
        }
      }
    } catch (error) {
      for (const listener of opened.values()) void listener.close()
      throw error
    }
    for (const [name, listener] of opened) this.tcp.set(name, listener)
  }

  /** Null when this entry need not be had. */
  private openOne(host: string, port: number, entry: string): Listener | null {
    const backlog = this.config.values.tcpBacklog
    try {
      return this.network.listen({ host, port, backlog }, this.accept)
    } catch (error) {
      if (!(error instanceof ListenError)) throw error
      const what = `${plain(entry)}:${port}: bind: ${error.message}`
      this.log.warning(`Warning: Could not create server TCP listening socket ${what}`)
      if (error.code === MISSING_FAMILY || (entry.startsWith('-') && error.code === MISSING_ADDRESS))
        return null
      throw new ListeningFailed(`Failed listening on port ${port} (tcp), aborting.`)
    }
  }

  private openUnix(path: string): void {
    const { unixsocketperm, tcpBacklog } = this.config.values
    try {
      this.unix = this.network.listen({ path, mode: unixsocketperm, backlog: tcpBacklog }, this.accept)
    } catch (error) {
      if (!(error instanceof ListenError)) throw error
      this.log.warning(`Could not create server unix listening socket ${path}: bind: ${error.message}`)
      throw new ListeningFailed(`Failed opening Unix socket: bind: ${error.message}`)
    }
  }

  private leave(listeners: ReadonlyMap<string, Listener>): void {
    for (const [name, listener] of listeners) {
      this.tcp.delete(name)
      void listener.close()
    }
  }

  private async lookUp(host: string): Promise<void> {
    if (addressOf(host) === null) this.addresses.set(host, await this.network.resolve(host))
  }

  /** A name nobody knows stands for itself: listening on it fails with the right sentence. */
  private addressesOf(host: string): readonly string[] {
    const address = addressOf(host)
    if (address !== null) return [address]
    const known = this.addresses.get(host) ?? []
    return known.length > 0 ? known : [host]
  }
}

/** Without the `-` that forgives. */
function plain(entry: string): string {
  return entry.startsWith('-') ? entry.slice(1) : entry
}

function addressOf(host: string): string | null {
  if (host === '*') return '0.0.0.0'
  if (host === '::*') return '::'
  return isAddress(host) ? host : null
}
