import { describe, expect, test } from 'vitest'
import {
  EMPTY_MANIFEST,
  type ManifestError,
  dataFiles,
  formatManifest,
  parseManifest,
  withBase,
  withIncremental,
  withOldBase,
  withoutHistory,
  withoutRewritten,
} from '../../../persistence/aof/manifest.js'

const PREFIX = 'appendonly.aof'

describe('a manifest', () => {
  test('is read back as it was written', () => {
    const text =
      'file appendonly.aof.2.base.rdb seq 2 type b\n' +
      'file appendonly.aof.1.incr.aof seq 1 type h\n' +
      'file appendonly.aof.4.incr.aof seq 4 type i\n'
    expect(formatManifest(parseManifest(text))).toBe(text)
  })

  test('quotes names that hold spaces and line ends', () => {
    const manifest = withIncremental(EMPTY_MANIFEST, ' file seq \n\n.aof ')
    const text = formatManifest(manifest)
    expect(text).toBe('file " file seq \\n\\n.aof .1.incr.aof" seq 1 type i\n')
    expect(parseManifest(text).incremental).toEqual(manifest.incremental)
  })

  test('skips comments and keys that it does not know', () => {
    const text = '# a remark\nFILE a.1.base.rdb startoffset 12 SEQ 1 type b\n'
    expect(parseManifest(text).base).toEqual({ name: 'a.1.base.rdb', seq: 1, type: 'b' })
  })

  test.each([
    ['', 'Found an empty AOF manifest'],
    ['\n', 'Invalid AOF manifest file format'],
    ['file a seq 1\n', 'Invalid AOF manifest file format'],
    ['file a seq 1 type\n', 'Invalid AOF manifest file format'],
    ['file a seq 1 type i newkey\n', 'Invalid AOF manifest file format'],
    ['filx a seq 1 type i\n', 'Invalid AOF manifest file format'],
    ['file a seq x type i\n', 'Invalid AOF manifest file format'],
    ['file "a seq 1 type i\n', 'Invalid AOF manifest file format'],
    ['file a seq 1 type x\n', 'Unknown AOF file type'],
    ['file ../a seq 1 type i\n', "File can't be a path, just a filename"],
    ['file a seq 1 type b\nfile b seq 2 type b\n', 'Found duplicate base file information'],
    ['file a seq 2 type i\nfile b seq 1 type i\n', 'Found a non-monotonic sequence number'],
    ['file a seq 1 type i', 'The AOF manifest file contains too long line'],
    [`file ${'a'.repeat(1100)} seq 1 type i\n`, 'The AOF manifest file contains too long line'],
  ])('%j is refused: %s', (text, sentence) => {
    expect(() => parseManifest(text)).toThrow(sentence)
  })

  test('says in which line the fault is', () => {
    const fault = (() => {
      try {
        return parseManifest('file a seq 1 type i\nfile b seq 1 type i\n')
      } catch (error) {
        return error as ManifestError
      }
    })()
    expect(fault).toMatchObject({ lineNumber: 2, line: 'file b seq 1 type i' })
  })
})

describe('a rewrite', () => {
  const before = withIncremental(withBase(EMPTY_MANIFEST, PREFIX, 'rdb'), PREFIX)

  test('leaves the new base and the incremental file that began with it', () => {
    const after = withoutRewritten(withBase(withIncremental(before, PREFIX), PREFIX, 'aof'), 1)
    expect(dataFiles(after).map(file => file.name)).toEqual([
      'appendonly.aof.2.base.aof',
      'appendonly.aof.2.incr.aof',
    ])
    expect(after.history.map(({ name, type }) => [name, type])).toEqual([
      ['appendonly.aof.1.incr.aof', 'h'],
      ['appendonly.aof.1.base.rdb', 'h'],
    ])
    expect(withoutHistory(after).history).toEqual([])
  })

  test('of a log that is turned off leaves the base alone', () => {
    const after = withoutRewritten(withBase(before, PREFIX, 'rdb'), 0)
    expect(dataFiles(after).map(file => file.name)).toEqual(['appendonly.aof.2.base.rdb'])
  })

  test('never gives a name that history still has', () => {
    const read = parseManifest('file x.3.base.rdb seq 3 type b\nfile x.7.incr.aof seq 7 type h\n')
    expect(withIncremental(read, 'x').incremental[0].name).toBe('x.8.incr.aof')
  })

  test('takes the file of the time before manifests for its base', () => {
    expect(formatManifest(withOldBase(EMPTY_MANIFEST, PREFIX))).toBe('file appendonly.aof seq 1 type b\n')
  })
})
