import { describe, expect, test } from 'vitest'
import type { SimulatedDisk } from '../../../server/lib/simulated-disk.js'
import { AofWorld, DATA_FOLDER, freshDisk } from '../../support/aof-world.js'

const FOLDER = `${DATA_FOLDER}/backupdir`
const LOG = `${DATA_FOLDER}/appendonlydir`

async function begun(disk: SimulatedDisk, appendonly: 'yes' | 'no'): Promise<AofWorld> {
  const world = new AofWorld({ disk, config: { appendonly } })
  await world.start()
  return world
}

async function stateOf(world: AofWorld): Promise<unknown> {
  return ((await world.ask('BACKUP', 'STATUS')) as unknown[])[1]
}

async function reaches(world: AofWorld, state: string): Promise<void> {
  for (let turns = 0; (await stateOf(world)) !== state; turns++) {
    if (turns > 1000) throw new Error(`it never is ${state}`)
    await world.turn()
  }
}

/** A server with a key whose backup has its base. */
async function backingUp(disk: SimulatedDisk, appendonly: 'yes' | 'no'): Promise<AofWorld> {
  const world = await begun(disk, appendonly)
  await world.ask('SET', 'x', '1')
  await world.ask('BACKUP', 'START')
  await reaches(world, 'incrementing')
  return world
}

/** A server whose log is this backup. */
async function restored(disk: SimulatedDisk): Promise<AofWorld> {
  const other = await freshDisk(2)
  await other.mkdir(LOG)
  for (const name of await disk.list(FOLDER))
    await other.writeFileAtomically(`${LOG}/${name}`, await disk.readFile(`${FOLDER}/${name}`))
  return begun(other, 'yes')
}

describe.each(['yes', 'no'] as const)('BACKUP with appendonly %s', appendonly => {
  test('holds what was written before SEAL and nothing after it', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, appendonly)
    await world.ask('SET', 'before', '1')
    expect(await world.ask('BACKUP', 'START')).toBe('OK')
    await world.ask('SET', 'meanwhile', '1')
    await reaches(world, 'incrementing')
    await world.ask('SET', 'incremental', '1')
    expect(await world.ask('BACKUP', 'SEAL')).toBe('OK')
    await world.ask('SET', 'after', '1')
    expect(((await world.ask('BACKUP', 'LIST')) as unknown[]).length).toBe(3)
    const copy = await restored(disk)
    expect(await copy.ask('MGET', 'before', 'meanwhile', 'incremental', 'after')).toEqual([
      '1',
      '1',
      '1',
      null,
    ])
    expect(await world.ask('BACKUP', 'CLEANUP')).toBe('OK')
    expect(await disk.list(FOLDER)).toEqual([])
    if (appendonly === 'no') expect(await disk.list(LOG)).toEqual([])
  })

  test('ABORT leaves nothing, and says that it was a user', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, appendonly)
    await world.ask('BACKUP', 'START')
    await reaches(world, 'incrementing')
    await world.ask('BACKUP', 'ABORT')
    expect(((await world.ask('BACKUP', 'STATUS')) as unknown[]).slice(0, 4)).toEqual([
      'state',
      'failed',
      'error',
      'aborted by user',
    ])
    expect(await disk.list(FOLDER)).toEqual([])
  })

  test('that a crash cut short is removed by the next start, and the log is not', async () => {
    const disk = await freshDisk()
    await backingUp(disk, appendonly)
    disk.crash()
    expect(await disk.list(FOLDER)).toHaveLength(1)
    const next = await begun(disk, appendonly)
    expect(await disk.list(FOLDER)).toEqual([])
    expect(next.lines.join('\n')).toMatch(/Removing the file \S+\.base\.rdb of a backup that was not sealed/)
    expect(await next.ask('GET', 'x')).toBe(appendonly === 'yes' ? '1' : null)
    expect(await next.ask('BACKUP', 'START')).toBe('OK')
  })

  test('that was sealed stays when the server ends unawares', async () => {
    const disk = await freshDisk()
    const world = await backingUp(disk, appendonly)
    expect(await world.ask('BACKUP', 'SEAL')).toBe('OK')
    disk.crash()
    const files = await disk.list(FOLDER)
    expect(files).toHaveLength(3)
    await begun(disk, appendonly)
    expect(await disk.list(FOLDER)).toEqual(files)
    expect(await (await restored(disk)).ask('GET', 'x')).toBe('1')
  })
})

test('a start leaves alone what somebody else has put into the folder of backups', async () => {
  const disk = await freshDisk()
  const world = await begun(disk, 'yes')
  await world.ask('SET', 'x', '1')
  disk.crash()
  const [base] = await disk.list(LOG)
  await disk.mkdir(FOLDER)
  await disk.writeFileAtomically(`${FOLDER}/${base}`, await disk.readFile(`${LOG}/${base}`))
  await disk.writeFileAtomically(`${FOLDER}/notes.txt`, Buffer.from('mine'))
  await begun(disk, 'yes')
  expect(await disk.list(FOLDER)).toEqual([base, 'notes.txt'])
})

test('a start that may not look into the folder of backups says so, and goes on', async () => {
  const disk = await freshDisk()
  disk.fail({ on: 'stat', code: 'EACCES', path: `${FOLDER}/appendonly.aof.manifest` })
  const world = await begun(disk, 'no')
  expect(await world.ask('PING')).toBe('PONG')
  expect(world.lines.join('\n')).toContain(`has left in ${FOLDER}: Permission denied`)
})
