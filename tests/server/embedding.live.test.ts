import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ReplyError, type RunningServer, startServer } from '../../server/index.js'
import { tell } from '../support/program.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const ROOT = resolve(import.meta.dirname, '../..')

describe('replies', () => {
  test('they are JavaScript values', async () => {
    await using server = await startServer()
    expect(await server.execute(['SET', 'greeting', 'grüß dich'])).toBe('OK')
    expect(await server.execute(['GET', 'greeting'])).toBe('grüß dich')
    expect(await server.execute(['GET', 'nothing'])).toBe(null)
    expect(await server.execute(['INCRBY', 'counter', 41])).toBe(41)
  })

  test('bytes that are no text go in and out as Buffers', async () => {
    await using server = await startServer()
    const bytes = Buffer.from([0, 255, 13, 10])
    await server.execute(['SET', bytes, bytes])
    expect(await server.execute(['GET', bytes], { buffers: true })).toEqual(bytes)
  })

  test('an error reply rejects, with its code', async () => {
    await using server = await startServer()
    await server.execute(['SET', 'word', 'a'])
    const error: unknown = await server.execute(['INCR', 'word']).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ReplyError)
    expect(error).toMatchObject({ code: 'ERR', message: 'ERR value is not an integer or out of range' })
    await expect(server.execute(['NONSENSE'])).rejects.toThrow('ERR unknown command')
    await expect(async () => server.execute([])).rejects.toThrow(TypeError)
  })

  test('calls are answered in their order', async () => {
    await using server = await startServer()
    const replies = Array.from({ length: 100 }, () => server.execute(['INCR', 'n']))
    expect(await Promise.all(replies)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
  })

  test('sessions are apart from each other', async () => {
    await using server = await startServer()
    using other = server.openSession()
    await server.execute(['MULTI'])
    expect(await server.execute(['SET', 'k', 'v'])).toBe('QUEUED')
    expect(await other.execute(['GET', 'k'])).toBe(null)
    expect(await server.execute(['EXEC'])).toEqual(['OK'])
    expect(await other.execute(['GET', 'k'])).toBe('v')
  })
})

describe('a server', () => {
  test('it has a port of its own, and its url leads there', async () => {
    await using server = await startServer()
    expect(server.url).toBe(`redis://127.0.0.1:${server.port}`)
    expect(await tell(server.port, 'PING')).toBe('+PONG\r\n')
  })

  test('it listens on a unix socket alone if told to', async () => {
    using folder = temporaryFolder()
    const unixSocket = join(folder.path, 'socket')
    await using server = await startServer({ port: false, unixSocket })
    expect([server.port, server.url]).toEqual([0, `unix://${unixSocket}`])
    expect(await tell(unixSocket, 'PING')).toBe('+PONG\r\n')
  })

  test('two in one process share nothing', async () => {
    await using one = await startServer()
    await using two = await startServer({ config: { databases: 2 } })
    await one.execute(['SET', 'k', 'one'])
    expect(await two.execute(['GET', 'k'])).toBe(null)
    expect(one.port).not.toBe(two.port)
  })

  test('it leaves the process alone', async () => {
    const before = [
      process.cwd(),
      process.title,
      process.listenerCount('SIGTERM'),
      process.listenerCount('uncaughtException'),
    ]
    using folder = temporaryFolder()
    await using server = await startServer({ config: { dir: folder.path } })
    await server.execute(['PING'])
    const after = [
      process.cwd(),
      process.title,
      process.listenerCount('SIGTERM'),
      process.listenerCount('uncaughtException'),
    ]
    expect(after).toEqual(before)
  })

  test('a password is for those outside', async () => {
    await using server = await startServer({ config: { requirepass: 'secret' } })
    expect(await server.execute(['PING'])).toBe('PONG')
    expect(await tell(server.port, 'PING')).toBe('-NOAUTH Authentication required.\r\n')
  })

  test('a command can be taken away', async () => {
    await using server = await startServer({ config: { 'rename-command': ['FLUSHALL', ''] } })
    await expect(server.execute(['FLUSHALL'])).rejects.toThrow("unknown command 'FLUSHALL'")
  })

  test('a setting it does not know, or a value it cannot take, rejects', async () => {
    await expect(startServer({ config: { 'no-such-thing': 1 } })).rejects.toThrow('no-such-thing')
    await expect(startServer({ config: { databases: 'many' } })).rejects.toThrow('databases')
  })

  test('a port that is taken rejects', async () => {
    await using first = await startServer()
    await expect(startServer({ port: first.port })).rejects.toThrow(`Failed listening on port ${first.port}`)
  })

  test('after close nobody answers, and asking rejects', async () => {
    const server = await startServer()
    const { port } = server
    await server.close()
    await expect(tell(port, 'PING')).rejects.toThrow('ECONNREFUSED')
    await expect(server.execute(['PING'])).rejects.toThrow('the session has ended')
    await server.close()
  })

  test('await using closes it', async () => {
    let port: number
    {
      await using server: RunningServer = await startServer()
      port = server.port
    }
    await expect(tell(port, 'PING')).rejects.toThrow('ECONNREFUSED')
  })

  test('log lines go where they are sent', async () => {
    const lines: string[] = []
    const note = (line: string) => void lines.push(line)
    const nothing = () => undefined
    const log = {
      debug: nothing,
      verbose: nothing,
      notice: note,
      warning: note,
      raw: nothing,
      setLevel: nothing,
      reopen: nothing,
      close: nothing,
    }
    await using server = await startServer({ log })
    expect(lines).toEqual(['Server initialized', 'Ready to accept connections tcp'])
    await server.execute(['PING'])
  })
})

test('the example of the README runs, and prints what it says', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const [, code] = /```ts\n(\/\/ embedding\.ts\n[^]*?)```/.exec(readme) ?? []
  const [, printed] = /<!-- it prints -->\n\n```\n([^]*?)```/.exec(readme) ?? []
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, '.cache', 'readme-'))
  try {
    const main = code.replaceAll("from 'redstart'", `from '${join(ROOT, 'server/index.ts')}'`)
    writeFileSync(join(folder, 'embedding.ts'), main)
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', join(folder, 'embedding.ts')],
      { cwd: ROOT },
    )
    expect(stdout).toBe(printed)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
