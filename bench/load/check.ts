import { isDeepStrictEqual } from 'node:util'
import type { Connection, Reply } from '../server/connection.js'

/**
 * A server that says OK and does nothing is the fastest of all, and no load generator notices: redis-benchmark
 * stops at error replies and looks at no others. So before a figure counts, the work behind it is checked.
 */
export type Caller = Pick<Connection, 'call'>

type Exchanges = readonly (readonly [command: string, reply: Reply])[]

const session: Exchanges = [
  ['PING', 'PONG'],
  ['SET bench:a VXK', 'OK'],
  ['GET bench:a', 'VXK'],
  ['INCR bench:n', 1],
  ['INCR bench:n', 2],
  ['MSET bench:a 1 bench:b 2', 'OK'],
  ['GET bench:a', '1'],
  ['GET bench:b', '2'],
]

/** Throws unless every command of the load does what it says. */
export async function checkCommands(server: Caller): Promise<void> {
  await checkSession(server, session)
}

/** Throws unless the server answers as told. */
export async function checkSession(server: Caller, exchanges: Exchanges): Promise<void> {
  for (const [command, expected] of exchanges) await expectReply(server, command, expected)
}

/** Throws unless the server holds so many keys. */
export async function checkKeys(server: Caller, count: number): Promise<void> {
  await expectReply(server, 'DBSIZE', count)
}

async function expectReply(server: Caller, command: string, expected: Reply): Promise<void> {
  const reply = await server.call(...command.split(' '))
  if (!isDeepStrictEqual(reply, expected))
    throw new Error(
      `${command} answers ${JSON.stringify(reply)}, not ${JSON.stringify(expected)}: nothing to measure`,
    )
}
