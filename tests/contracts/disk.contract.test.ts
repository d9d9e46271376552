import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { systemDisk, type Disk } from '../../server/lib/disk.js'
import { seededRandom } from '../../server/lib/random.js'
import { SimulatedDisk } from '../../server/lib/simulated-disk.js'

const root = mkdtempSync(join(tmpdir(), 'redstart-disk-'))
afterAll(() => rmSync(root, { recursive: true }))

const implementations: [name: string, make: () => Disk][] = [
  ['the system disk', systemDisk],
  ['the simulated disk', () => new SimulatedDisk({ random: seededRandom(1) })],
]

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

describe.each(implementations)('%s', (name, make) => {
  let disk: Disk
  let folder: string
  let tests = 0

  beforeEach(async () => {
    disk = make()
    folder = join(root, `${name.replaceAll(' ', '-')}-${tests++}`)
    await disk.mkdir(folder)
  })

  const at = (file: string): string => join(folder, file)
  const contents = async (file: string): Promise<string> => (await disk.readFile(at(file))).toString('latin1')

  async function write(file: string, text: string): Promise<void> {
    const open = await disk.open(at(file), 'create')
    await open.append(bytes(text))
    await open.close()
  }

  test('what was appended is there', async () => {
    const file = await disk.open(at('a'), 'append')
    await file.append(bytes('one '))
    await file.append(bytes(''))
    await file.append(bytes('two'))
    expect(await file.size()).toBe(7)
    await file.sync()
    await file.close()
    expect(await contents('a')).toBe('one two')
    expect(disk.readFileSync(at('a'))).toEqual(bytes('one two'))
  })

  test('append goes on where the file ended, create begins anew, update needs a file', async () => {
    await write('a', 'old')
    const appended = await disk.open(at('a'), 'append')
    await appended.append(bytes('+new'))
    await appended.close()
    expect(await contents('a')).toBe('old+new')
    const updated = await disk.open(at('a'), 'update')
    await updated.writeAt(1, bytes('LD'))
    await updated.append(bytes('!'))
    await updated.close()
    expect(await contents('a')).toBe('oLD+new!')
    await write('a', 'x')
    expect(await contents('a')).toBe('x')
    await expect(disk.open(at('b'), 'update')).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(disk.open(at('b'), 'read')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a gap reads as zeros and an append goes behind the last byte', async () => {
    const file = await disk.open(at('a'), 'create')
    await file.writeAt(3, bytes('x'))
    await file.append(bytes('y'))
    await file.close()
    expect(await contents('a')).toBe('\0\0\0xy')
  })

  test('reading stops at the end of the file', async () => {
    await write('a', 'abcdef')
    const file = await disk.open(at('a'), 'read')
    const into = Buffer.alloc(4, '.')
    expect(await file.readAt(0, into)).toBe(4)
    expect(into.toString()).toBe('abcd')
    expect(await file.readAt(4, into)).toBe(2)
    expect(into.toString()).toBe('efcd')
    expect(await file.readAt(6, into)).toBe(0)
    expect(await file.readAt(99, into)).toBe(0)
    await file.close()
  })

  test('truncate cuts off and lengthens, and append follows', async () => {
    const file = await disk.open(at('a'), 'create')
    await file.append(bytes('abcdef'))
    await file.truncate(2)
    await file.append(bytes('X'))
    await file.truncate(5)
    await file.append(bytes('Y'))
    await file.close()
    expect(await contents('a')).toBe('abX\0\0Y')
  })

  test('the caller may reuse its bytes once an append has returned', async () => {
    const file = await disk.open(at('a'), 'create')
    const buffer = bytes('1')
    await file.append(buffer)
    buffer[0] = 50
    await file.append(buffer)
    await file.close()
    expect(await contents('a')).toBe('12')
  })

  test('a file opened to read refuses to be written, and a closed one everything', async () => {
    await write('a', 'x')
    const file = await disk.open(at('a'), 'read')
    await expect(file.append(bytes('y'))).rejects.toMatchObject({ code: 'EBADF' })
    await file.close()
    await expect(file.readAt(0, Buffer.alloc(1))).rejects.toMatchObject({ code: 'EBADF' })
    expect(await contents('a')).toBe('x')
  })

  test('an open file outlives its name', async () => {
    await write('a', 'x')
    const file = await disk.open(at('a'), 'update')
    await disk.unlink(at('a'))
    await file.append(bytes('y'))
    const into = Buffer.alloc(2)
    expect(await file.readAt(0, into)).toBe(2)
    await file.close()
    expect(disk.existsSync(at('a'))).toBe(false)
  })

  test('a link is a second name of the same file, which outlives the first', async () => {
    await write('a', 'one')
    await disk.link(at('a'), at('b'))
    const file = await disk.open(at('a'), 'append')
    await file.append(bytes(' two'))
    await file.close()
    await disk.unlink(at('a'))
    expect(await contents('b')).toBe('one two')
    expect(disk.listSync(folder)).toEqual(['b'])
    await write('c', 'three')
    await expect(disk.link(at('c'), at('b'))).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(disk.link(at('a'), at('d'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('rename replaces the file that had the name', async () => {
    await write('a', 'new')
    await write('b', 'old')
    await disk.rename(at('a'), at('b'))
    expect(await disk.list(folder)).toEqual(['b'])
    expect(await contents('b')).toBe('new')
    await disk.rename(at('b'), at('b'))
    expect(await contents('b')).toBe('new')
    await expect(disk.rename(at('a'), at('c'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(disk.rename(at('b'), at('none/c'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('list gives sorted names, of this folder only', async () => {
    await disk.mkdir(at('sub/deep'))
    await write('b', '')
    await write('a', '')
    await write('sub/c', '')
    expect(await disk.list(folder)).toEqual(['a', 'b', 'sub'])
    expect(await disk.list(at('sub'))).toEqual(['c', 'deep'])
    await expect(disk.list(at('none'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(disk.list(at('a'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  })

  test('mkdir is content with a folder that exists, not with a file', async () => {
    await disk.mkdir(at('sub'))
    await disk.mkdir(at('sub'))
    await write('a', '')
    await expect(disk.mkdir(at('a'))).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(disk.open(at('none/a'), 'create')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('stat tells files, folders and nothing apart', async () => {
    await write('a', 'abc')
    expect(await disk.stat(at('a'))).toMatchObject({ kind: 'file', bytes: 3 })
    expect(await disk.stat(folder)).toMatchObject({ kind: 'folder' })
    expect(await disk.stat(at('none'))).toBe(null)
  })

  test('unlink deletes, once', async () => {
    await write('a', '')
    await disk.unlink(at('a'))
    expect(await disk.stat(at('a'))).toBe(null)
    await expect(disk.unlink(at('a'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('an atomic write replaces the file and leaves nothing beside it', async () => {
    await disk.writeFileAtomically(at('a'), bytes('one'))
    expect(await contents('a')).toBe('one')
    disk.writeFileAtomicallySync(at('a'), bytes('two'))
    expect(await contents('a')).toBe('two')
    expect(await disk.list(folder)).toEqual(['a'])
  })

  test('an atomic write that fails leaves the old contents', async () => {
    await disk.mkdir(at('sub'))
    await expect(disk.writeFileAtomically(at('sub'), bytes('x'))).rejects.toThrow(/^E/)
    expect(() => disk.writeFileAtomicallySync(at('sub'), bytes('x'))).toThrow(/^E/)
    expect(await disk.list(folder)).toEqual(['sub'])
  })

  test('folders sync, and there is room', async () => {
    await disk.syncFolder(folder)
    expect(await disk.freeBytes(folder)).toBeGreaterThan(0)
    await expect(disk.syncFolder(at('none'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(disk.freeBytes(at('none'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('what exists can be asked without waiting', async () => {
    await write('a', '')
    expect([disk.existsSync(at('a')), disk.existsSync(folder), disk.existsSync(at('b'))]).toEqual([
      true,
      true,
      false,
    ])
    expect(() => disk.readFileSync(at('b'))).toThrow(/ENOENT/)
  })
})
