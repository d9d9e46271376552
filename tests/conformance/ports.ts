import { createServer, type Server } from 'node:net'

/**
 * A range of ports that nobody else's run uses.
 *
 * The suite looks for a free port and starts its server a moment later, so two runs that search the same range
 * trip over each other. A run therefore claims its range first, by listening on the range's first port for as
 * long as it lasts. Ranges lie below 22500 so that the cluster buses (port + 10000) stay below the ports the
 * system hands out to clients (from 32768).
 *
 *     first          the claim
 *     first+1 .. 32  the driver's control socket (it searches the 32 ports below its base)
 *     first+33 ..    the servers
 */
const FIRST = 15000
const WIDTH = 500
const RANGES = 15
const CONTROL = 33

export interface PortRange {
  readonly base: number
  readonly count: number
  release(): void
}

export async function claimPorts(): Promise<PortRange> {
  for (let i = 0; i < RANGES; i++) {
    const first = FIRST + i * WIDTH
    const claim = await listen(first)
    if (claim !== null)
      return { base: first + CONTROL, count: WIDTH - CONTROL, release: () => void claim.close() }
  }
  throw new Error(`all ${RANGES} ranges of ports from ${FIRST} on are claimed by other runs`)
}

function listen(port: number): Promise<Server | null> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server))
  })
}
