import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeNow } from '../../../persistence/rdb/encoder.js'
import { testEngine } from '../../support/engine.js'
import { Program } from '../../support/program.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { encodeRequest } from '../../support/request.js'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => void (folder = temporaryFolder()))
afterEach(() => folder[Symbol.dispose]())

const inFolder = (name: string) => join(folder.path, name)

async function run(args: readonly string[], input = ''): Promise<{ code: number | null; output: string }> {
  await using program = new Program(['check', ...args], folder.path, input)
  return { code: await program.exit(), output: program.output }
}

test('check rdb says what is in a file, exit code 0; 1 when it is damaged or not there', async () => {
  const world = testEngine()
  world.ask('SET a 1')
  const bytes = encodeNow(world.engine)
  writeFileSync(inFolder('dump.rdb'), bytes)
  writeFileSync(inFolder('cut.rdb'), bytes.subarray(0, -3))
  const good = await run(['rdb', 'dump.rdb', '--json'])
  expect(good.code).toBe(0)
  expect(JSON.parse(good.output)).toMatchObject({ valid: true, keys: 1 })
  const bad = await run(['rdb', 'cut.rdb'])
  expect(bad.code).toBe(1)
  expect(bad.output).toContain('unexpected end of the file')
  const none = await run(['rdb', 'none.rdb'])
  expect(none.code).toBe(1)
  expect(none.output).toContain('No such file or directory')
  expect(existsSync(inFolder('none.rdb'))).toBe(false)
})

test('check aof --fix asks, unless it is told not to', async () => {
  const whole = encodeRequest('SET a 1')
  const torn = Buffer.concat([whole, whole.subarray(0, 9)])
  const path = inFolder('log.aof')
  writeFileSync(path, torn)
  const looked = await run(['aof', 'log.aof'])
  expect(looked.code).toBe(1)
  expect(looked.output).toContain('Use the option --fix')
  const refused = await run(['aof', '--fix', 'log.aof'], 'n\n')
  expect(refused.code).toBe(1)
  expect(refused.output).toContain('Continue? [y/N]')
  expect(readFileSync(path)).toEqual(torn)
  const agreed = await run(['aof', '--fix', 'log.aof'], 'y\n')
  expect(agreed.code).toBe(0)
  expect(readFileSync(path)).toEqual(whole)
  writeFileSync(path, torn)
  const silent = await run(['aof', 'log.aof', '--fix', '--yes'])
  expect(silent.code).toBe(0)
  expect(silent.output).toContain('Successfully truncated')
  expect(readFileSync(path)).toEqual(whole)
})
