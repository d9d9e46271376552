import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort, Program, tell } from '../support/program.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => void (folder = temporaryFolder()))
afterEach(() => folder[Symbol.dispose]())

const inFolder = (name: string) => join(folder.path, name)
const run = (...args: string[]) => new Program(args, folder.path)
const server = (port: number, ...args: string[]) => run('--port', `${port}`, '--save', '', ...args)

function writeConfig(name: string, ...lines: string[]): string {
  writeFileSync(inFolder(name), `${lines.join('\n')}\n`)
  return inFolder(name)
}

describe('the command line', () => {
  test('--version and -v say the same in one line', async () => {
    await using long = run('--version')
    await using short = run('-v')
    expect([await long.exit(), await short.exit()]).toEqual([0, 0])
    expect(long.output).toMatch(/^Redstart server v=\d+\.\d+\.\d+ redis=\d\S+ bits=\d+ node=v\S+\n$/)
    expect(short.output).toBe(long.output)
  })

  test('--help shows how a directive is given', async () => {
    await using program = run('--help')
    expect(await program.exit()).toBe(0)
    expect(program.output).toContain('redstart --port 7000')
  })

  test('a value may look like an option of ours', async () => {
    const port = await freePort()
    await using program = server(port, '--dbfilename', '--version')
    await program.ready()
    expect(program.output).not.toContain('Redstart server v=0.1.0 redis=7.4.2 bits=64\n')
  })

  test('Sentinel is refused in a sentence', async () => {
    await using program = run('sentinel.conf', '--sentinel')
    expect(await program.exit()).toBe(1)
    expect(program.output).toContain('no Sentinel mode')
  })
})

describe('the config file', () => {
  test('an unknown directive ends the start and names its line', async () => {
    await using program = run(writeConfig('bad.conf', 'port 0', '', 'prot 7000'))
    expect(await program.exit()).toBe(1)
    expect(program.output).toContain('*** FATAL CONFIG FILE ERROR')
    expect(program.output).toContain("at line 3\n>>> 'prot 7000'\nBad directive or wrong number of arguments")
  })

  test('a file that is not there is named', async () => {
    await using program = run('nowhere.conf')
    expect(await program.exit()).toBe(1)
    expect(program.output).toContain(
      `can't open config file '${inFolder('nowhere.conf')}': No such file or directory`,
    )
  })

  test('rename-command takes names away and gives others', async () => {
    const port = await freePort()
    await using program = run(
      writeConfig('c', `port ${port}`, 'rename-command FLUSHALL ""', 'rename-command PING PONG'),
    )
    await program.ready()
    expect(await tell(port, 'FLUSHALL')).toContain("-ERR unknown command 'FLUSHALL'")
    expect(await tell(port, 'PONG')).toBe('+PONG\r\n')
  })

  test('rename-command of what is not there ends the start and names its line', async () => {
    await using program = run(writeConfig('bad.conf', 'port 0', 'rename-command NONSENSE x'))
    expect(await program.exit()).toBe(1)
    expect(program.output).toContain(
      "at line 2\n>>> 'rename-command NONSENSE x'\nNo such command in rename-command",
    )
  })

  test('cluster mode is refused rather than ignored', async () => {
    await using program = run('--cluster-enabled', 'yes')
    expect(await program.exit()).toBe(1)
    expect(program.output).toContain('no cluster mode')
  })

  test('files, standard input and command line are read in this order', async () => {
    const port = await freePort()
    mkdirSync(inFolder('conf.d'))
    writeConfig('conf.d/a.conf', 'databases 3', 'maxmemory-policy allkeys-lru')
    writeConfig('conf.d/b.conf', 'databases 4')
    const config = writeConfig('redis.conf', 'include conf.d/*.conf', 'port 1', 'loglevel verbose')
    await using program = new Program(
      [config, '--port', `${port}`, '-'],
      folder.path,
      'port 2\nproto-max-bulk-len 2mb\n',
    )
    await program.ready()
    expect(await tell(port, 'SELECT 3')).toBe('+OK\r\n')
    expect(await tell(port, 'SELECT 4')).toBe('-ERR DB index is out of range\r\n')
    expect(program.output).toContain(`Configuration: ${config}`)
    expect(program.output).toContain('Accepted 127.0.0.1:')
  })

  test('dir is where the server works, also for a relative logfile', async () => {
    mkdirSync(inFolder('data'))
    const port = await freePort()
    await using program = server(port, '--dir', 'data', '--logfile', 'server.log')
    program.signal('SIGCONT')
    await expect.poll(() => existsSync(inFolder('data/server.log')), { timeout: 15_000 }).toBe(true)
    await expect
      .poll(() => readFileSync(inFolder('data/server.log'), 'latin1'), { timeout: 15_000 })
      .toContain('Ready to accept')
  })
})

describe('a running program', () => {
  test('it shows its logo with port, pid and folder, then that it is ready', async () => {
    const port = await freePort()
    await using program = server(port, '--always-show-logo', 'yes')
    await program.ready()
    for (const text of [` PID: ${program.pid}\n`, ` Port: ${port}\n`, ` Data: ${folder.path}\n`]) {
      expect(program.output).toContain(text)
    }
    expect(program.output).toMatch(/ PID: [^]*Server initialized[^]*Ready to accept connections tcp/)
  })

  test('SIGTERM ends it in order', async () => {
    const port = await freePort()
    await using program = server(port, '--pidfile', inFolder('server.pid'))
    await program.ready()
    expect(readFileSync(inFolder('server.pid'), 'latin1')).toBe(`${program.pid}\n`)
    program.signal('SIGTERM')
    expect(await program.exit()).toBe(0)
    const lines = [
      'Received SIGTERM',
      'User requested shutdown...',
      'Removing the pid file.',
      'ready to exit, bye bye',
    ]
    const places = lines.map(line => program.output.indexOf(line))
    expect(places).toEqual(places.filter(place => place > 0).sort((a, b) => a - b))
    expect(existsSync(inFolder('server.pid'))).toBe(false)
  })

  test('a port that is taken ends the start, and says which', async () => {
    const port = await freePort()
    await using first = server(port, '--bind', '127.0.0.1')
    await first.ready()
    await using second = server(port, '--bind', '127.0.0.1')
    expect(await second.exit()).toBe(1)
    expect(second.output).toContain(
      `Could not create server TCP listening socket 127.0.0.1:${port}: bind: Address already in use`,
    )
    expect(second.output).toContain(`Failed listening on port ${port} (tcp), aborting.`)
  })

  test('it does not run where nobody could reach it', async () => {
    await using program = run('--port', '0')
    expect(await program.exit()).toBe(1)
    expect(program.output).toContain('Configured to not listen anywhere')
  })

  test('it answers on a unix socket that only its owner may open', async () => {
    const path = inFolder('socket')
    await using program = run('--port', '0', '--save', '', '--unixsocket', path, '--unixsocketperm', '700')
    await program.ready()
    expect(await tell(path, 'PING')).toBe('+PONG\r\n')
    expect(statSync(path).mode & 0o777).toBe(0o700)
    program.signal('SIGINT')
    expect(await program.exit()).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  test('SIGABRT leaves a report', async () => {
    const port = await freePort()
    await using program = server(port)
    await program.ready()
    program.signal('SIGABRT')
    expect(await program.exit()).toBe(134)
    expect(program.output).toMatch(/REDIS BUG REPORT START[^]*crashed by signal[^]*STACK TRACE[^]*REPORT END/)
  })

  test('in the background it has another process id, and stays', async () => {
    const port = await freePort()
    await using program = server(port, '--daemonize', 'yes', '--pidfile', inFolder('pid'), '--logfile', 'log')
    expect(await program.exit()).toBe(0)
    const written = (): string => (existsSync(inFolder('pid')) ? readFileSync(inFolder('pid'), 'latin1') : '')
    await expect.poll(written, { timeout: 15_000 }).toMatch(/^\d+\n$/)
    const pid = Number(written())
    try {
      expect(pid).not.toBe(program.pid)
      // It has its file before it has its data.
      await expect.poll(() => tell(port, 'PING'), { timeout: 15_000 }).toBe('+PONG\r\n')
    } finally {
      process.kill(pid, 'SIGTERM')
    }
    await expect.poll(() => existsSync(inFolder('pid')), { timeout: 15_000 }).toBe(false)
  })
})
