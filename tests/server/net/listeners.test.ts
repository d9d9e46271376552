import { isIP } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Config } from '../../../server/config/config.js'
import { ListenError } from '../../../server/lib/bind.js'
import { type Log, silentLog } from '../../../server/lib/log.js'
import type { Listener, ListenOptions, Network } from '../../../server/lib/network.js'
import { Listeners } from '../../../server/net/listeners.js'

const ANYBODY = { loading: false, maySetProtected: true }

/** A machine with these addresses, on which others hold some ports already. */
class Machine implements Network {
  readonly open = new Set<string>()
  readonly names = new Map<string, string[]>()
  taken: readonly number[] = []
  missing: readonly string[] = []
  denied = ''
  private nextFree = 50_000

  listen({ host = '', port = 0, path }: ListenOptions): Listener {
    const chosen = port === 0 ? this.nextFree++ : port
    const name = path ?? `${host} ${chosen}`
    if (path === undefined && isIP(host) === 0) throw new ListenError('ENOTFOUND')
    if (path !== undefined && path === this.denied) throw new ListenError('EACCES')
    if (this.missing.includes(host)) throw new ListenError('EADDRNOTAVAIL')
    const collides = this.taken.includes(chosen) || [...this.open].some(other => overlaps(other, name))
    if (path === undefined && collides) throw new ListenError('EADDRINUSE')
    this.open.add(name)
    return { port: path === undefined ? chosen : 0, close: async () => void this.open.delete(name) }
  }

  connect(): never {
    throw new Error('nobody is called here')
  }

  async resolve(host: string): Promise<string[]> {
    return this.names.get(host) ?? []
  }
}

function overlaps(one: string, other: string): boolean {
  const [[hostA, portA], [hostB, portB]] = [one.split(' '), other.split(' ')]
  const both = [hostA, hostB]
  return (
    portA === portB && (hostA === hostB || (both.includes('0.0.0.0') && both.every(host => isIP(host) === 4)))
  )
}

function listeners(settings: string, machine = new Machine()) {
  const config = new Config()
  config.load(settings, () => [])
  const warnings: string[] = []
  const log: Log = { ...silentLog(), warning: line => void warnings.push(line) }
  const subject = new Listeners(machine, config, log, () => null)
  const set = (...pairs: [string, string][]) => config.set(pairs, ANYBODY)
  return { config, machine, warnings, subject, set, open: () => [...machine.open].sort() }
}

describe('at start', () => {
  test('every address of bind is listened on, stars are wildcards', async () => {
    const { subject, open } = listeners('port 7000\nbind * -::* 127.0.0.1')
    await expect(subject.open()).rejects.toThrow('Failed listening on port 7000 (tcp), aborting.')
    expect(open()).toEqual([])
    const other = listeners('port 7000\nbind * -::*')
    await other.subject.open()
    expect(other.open()).toEqual(['0.0.0.0 7000', ':: 7000'])
  })

  test('an address with a dash may be missing, one without may not', async () => {
    const machine = new Machine()
    machine.missing = ['10.0.0.1']
    const forgiving = listeners('port 7000\nbind 127.0.0.1 -10.0.0.1', machine)
    await forgiving.subject.open()
    expect(forgiving.open()).toEqual(['127.0.0.1 7000'])
    expect(forgiving.warnings).toEqual([
      'Warning: Could not create server TCP listening socket 10.0.0.1:7000: bind: Cannot assign requested address',
    ])
    await expect(listeners('port 7001\nbind 10.0.0.1', machine).subject.open()).rejects.toThrow('7001')
  })

  test('a port that the kernel chooses is the same at all addresses, and CONFIG GET shows it', async () => {
    const { subject, config, open } = listeners('port 0\nbind 127.0.0.1 ::1')
    await subject.open(true)
    expect(config.values.port).toBe(50_000)
    expect(open()).toEqual(['127.0.0.1 50000', '::1 50000'])
  })

  test('a name is looked up', async () => {
    const machine = new Machine()
    machine.names.set('localhost', ['127.0.0.1', '::1'])
    const { subject, open } = listeners('port 7000\nbind localhost', machine)
    await subject.open()
    expect(open()).toEqual(['127.0.0.1 7000', '::1 7000'])
  })

  test('port 0 leaves the unix socket', async () => {
    const { subject, open } = listeners('port 0\nunixsocket /tmp/s')
    await subject.open()
    expect([open(), subject.kinds]).toEqual([['/tmp/s'], ['unix']])
  })

  test('what was opened is closed again when the unix socket cannot be', async () => {
    const machine = new Machine()
    machine.denied = '/tmp/s'
    const { subject, open } = listeners('port 7000\nunixsocket /tmp/s', machine)
    await expect(subject.open()).rejects.toThrow('Failed opening Unix socket: bind: Permission denied')
    expect(open()).toEqual([])
  })

  test('without anything to listen on there is no server', async () => {
    await expect(listeners('port 0').subject.open()).rejects.toThrow('not listen anywhere')
  })
})

describe('CONFIG SET', () => {
  test('port moves, and 0 leaves', async () => {
    const { subject, set, open } = listeners('port 7000\nbind 127.0.0.1')
    await subject.open()
    expect(set(['port', '7001'])).toBe(null)
    expect(open()).toEqual(['127.0.0.1 7001'])
    expect(set(['port', '0'])).toBe(null)
    expect(open()).toEqual([])
    expect(set(['port', '7001'])).toBe(null)
    expect(open()).toEqual(['127.0.0.1 7001'])
  })

  test('a port that is taken is refused, and the old one kept', async () => {
    const { subject, set, open, machine, config } = listeners('port 7000\nbind 127.0.0.1')
    await subject.open()
    machine.taken = [7001]
    expect(set(['port', '7001'])).toContain("argument 'port') - Unable to listen on this port")
    expect([open(), config.values.port]).toEqual([['127.0.0.1 7000'], 7000])
  })

  test('bind moves between overlapping addresses', async () => {
    const { subject, set, open } = listeners('port 7000\nbind 127.0.0.1')
    await subject.open()
    expect(set(['bind', '*'])).toBe(null)
    expect(open()).toEqual(['0.0.0.0 7000'])
    expect(set(['bind', ''])).toBe(null)
    expect(open()).toEqual([])
  })

  test('an address nobody has is refused, and the old ones are taken back', async () => {
    const { subject, set, open } = listeners('port 7000\nbind 127.0.0.1 ::1')
    await subject.open()
    expect(set(['bind', '999.999.999.999'])).toContain(
      "argument 'bind') - Failed to bind to specified addresses.",
    )
    expect(open()).toEqual(['127.0.0.1 7000', '::1 7000'])
  })

  test('bind and port set together are one move', async () => {
    const { subject, set, open } = listeners('port 7000\nbind 127.0.0.1')
    await subject.open()
    expect(set(['bind', '::1'], ['port', '7001'])).toBe(null)
    expect(open()).toEqual(['::1 7001'])
  })
})

test('close closes all', async () => {
  const { subject, open } = listeners('port 7000\nbind 127.0.0.1\nunixsocket /tmp/s')
  await subject.open()
  await subject.close()
  expect([open(), subject.kinds]).toEqual([[], []])
})
