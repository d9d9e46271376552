/**
 * Binding a listening socket while the caller waits.
 *
 * CONFIG SET port has to answer whether the port could be had, and to leave everything as it was when not; so
 * the answer is needed before the command ends. `net.Server.listen` tells it a turn later. What is beneath it
 * (the handle that Node's own cluster module passes around) tells it at once, and a server can be started on a
 * handle that is bound already: `server.listen(handle)` does it for TCP, `_listen2` beneath it for all kinds.
 *
 * Who listens gets handles, too, not the sockets that Node would make of them: `net.Server` serves to keep the process
 * alive and to close in order.
 *
 * Names have to be looked up first: `host` is an address.
 */

import net from 'node:net'
import { getSystemErrorName } from 'node:util'

export interface Endpoint {
  /** A port and the address to bind it at, or the path of a unix socket. Port 0: any that is free. */
  readonly port?: number
  readonly host?: string
  readonly path?: string
  readonly backlog: number
}

/** Why nobody can listen there. `message` is the system's sentence: `Address already in use`. */
export class ListenError extends Error {
  /** `EADDRINUSE` and so on. */
  readonly code: string

  constructor(code: string) {
    super(SENTENCES[code] ?? code)
    this.name = 'ListenError'
    this.code = code
  }
}

/** As strerror says them; people and scripts look for these words. */
const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  EINVAL: 'Invalid argument',
  EMFILE: 'Too many open files',
  ENOENT: 'No such file or directory',
  ENOTFOUND: 'Name or service not known',
}

/** A socket of the system, bound and listening. */
export interface ListeningHandle {
  listen(backlog: number): number
  close(): void
  /** Called with each connection, or with what went wrong (a status below 0). */
  onconnection?: (status: number, accepted?: unknown) => void
}

/** Of libuv: an IPv6 socket takes no IPv4 connections, so that `*` and `::*` do not collide. */
const IPV6_ONLY = 1

interface Binder {
  _createServerHandle(
    address: string,
    port: number,
    family: number,
    fd?: number,
    flags?: number,
  ): ListeningHandle | number
}

interface ServerOnHandle {
  _handle: ListeningHandle | null
  _listen2(address: null, port: number, family: number, backlog: number): void
}

/** Binds and listens, or throws a ListenError. */
export function bindNow({ port = 0, host = '', path, backlog }: Endpoint): ListeningHandle {
  const handle = path === undefined ? tcpHandle(host, port) : binder()._createServerHandle(path, -1, -1)
  if (typeof handle === 'number') throw new ListenError(getSystemErrorName(handle))
  const error = handle.listen(backlog)
  if (error === 0) return handle
  handle.close()
  throw new ListenError(getSystemErrorName(error))
}

/** True for an IPv4 or IPv6 address, false for a name. */
export function isAddress(host: string): boolean {
  return net.isIP(host) !== 0
}

/** A server that hands over what comes to this handle. What cannot be accepted (no files left) stays with the system. */
export function serveOn(
  handle: ListeningHandle,
  backlog: number,
  accept: (accepted: unknown) => void,
): net.Server {
  const server = net.createServer()
  const inner = server as unknown as ServerOnHandle
  inner._handle = handle
  inner._listen2(null, -1, -1, backlog)
  handle.onconnection = (status, accepted) => {
    if (status === 0) accept(accepted)
  }
  return server
}

function tcpHandle(host: string, port: number): ListeningHandle | number {
  const family = net.isIP(host)
  if (family === 0) throw new ListenError('ENOTFOUND')
  return binder()._createServerHandle(host, port, family, undefined, family === 6 ? IPV6_ONLY : 0)
}

function binder(): Binder {
  return net as unknown as Binder
}
