import { connect, type Server, Socket, type SocketConstructorOpts } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { bindNow, isAddress, ListenError, serveOn } from '../../../server/lib/bind.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach(server => server.close()))

function serve(endpoint: Parameters<typeof bindNow>[0]): Server {
  const server = serveOn(bindNow(endpoint), endpoint.backlog, handle => {
    new Socket({ handle } as SocketConstructorOpts).end('hello')
  })
  servers.push(server)
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function greeting(at: number | string): Promise<string> {
  const [bytes] = (await once(typeof at === 'number' ? connect(at, '127.0.0.1') : connect(at), 'data')) as [
    Buffer,
  ]
  return bytes.toString()
}

test('a server on a bound handle accepts, on TCP and on a unix socket', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'socket')
  const server = serve({ host: '127.0.0.1', port: 0, backlog: 8 })
  serve({ path, backlog: 8 })
  expect([await greeting(portOf(server)), await greeting(path)]).toEqual(['hello', 'hello'])
})

test('a port that is taken is known at once, and free again as soon as it is closed', () => {
  const server = serve({ host: '127.0.0.1', port: 0, backlog: 8 })
  const port = portOf(server)
  expect(() => bindNow({ host: '127.0.0.1', port, backlog: 8 })).toThrow(new ListenError('EADDRINUSE'))
  server.close()
  bindNow({ host: '127.0.0.1', port, backlog: 8 }).close()
})

test('the reason is told in the words of the system', () => {
  expect(() => bindNow({ host: '192.0.2.1', port: 0, backlog: 8 })).toThrow('Cannot assign requested address')
  expect(() => bindNow({ host: '999.999.999.999', port: 0, backlog: 8 })).toThrow('Name or service not known')
  expect(() => bindNow({ path: '/no/such/folder/socket', backlog: 8 })).toThrow(ListenError)
})

test('an address is one of version 4 or 6', () => {
  expect(['127.0.0.1', '::1', 'localhost', '999.999.999.999', '*'].map(isAddress)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})
