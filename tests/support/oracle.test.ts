import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { describeWithOracle, startOracle } from './oracle.js'

async function ask(port: number, line: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${line}\r\n`)
  const [reply] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return reply.toString('latin1')
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describeWithOracle('the oracle', () => {
  test('it answers, and is gone after stop', async () => {
    const oracle = await startOracle()
    expect(await ask(oracle.port, 'PING')).toBe('+PONG\r\n')
    await oracle.stop()
    expect(isAlive(oracle.pid)).toBe(false)
  })

  test('two run side by side, each with its own arguments', async () => {
    const [plain, journal] = await Promise.all([startOracle(), startOracle(['--appendonly', 'yes'])])
    try {
      expect(await ask(plain.port, 'CONFIG GET appendonly')).toContain('\r\nno\r\n')
      expect(await ask(journal.port, 'CONFIG GET appendonly')).toContain('\r\nyes\r\n')
    } finally {
      await Promise.all([plain.stop(), journal.stop()])
    }
  })

  test('an argument it refuses is told with the words of redis-server', async () => {
    await expect(startOracle(['--no-such-directive', 'x'])).rejects.toThrow('FATAL CONFIG FILE ERROR')
  })
})
