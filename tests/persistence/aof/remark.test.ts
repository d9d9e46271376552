import { expect, test } from 'vitest'
import {
  EMPTY_MANIFEST,
  formatManifest,
  parseManifest,
  remarkOn,
  withIncremental,
  withRemark,
} from '../../../persistence/aof/manifest.js'
import { readRemark, writeRemark } from '../../../persistence/aof/remark.js'

const ONE_FILE = withIncremental(EMPTY_MANIFEST, 'a name.aof')

test('a remark is read as it was written, whatever the file is called', () => {
  const remark = { file: 'a "name".1.incr.aof', bytes: 12, text: 'history abc 1 2' }
  expect(readRemark(writeRemark(remark).trimEnd())).toEqual(remark)
})

test.each([
  '# a comment',
  '#redstart-end',
  '#redstart-end a.aof',
  '#redstart-end a.aof many text',
  '#redstart',
])('the comment %s is no remark', line => {
  expect(readRemark(line)).toBe(null)
})

test('a manifest keeps it, and tells it of data that ends there and nowhere else', () => {
  const read = parseManifest(formatManifest(withRemark(ONE_FILE, 100, 'history')))
  expect(remarkOn(read, 100)).toBe('history')
  expect(remarkOn(read, 101)).toBe('')
  expect(remarkOn(withIncremental(read, 'a name.aof'), 100)).toBe('')
})

test('without anything to tell, or any file, there is none', () => {
  expect(withRemark(ONE_FILE, 100, '').remark).toBe(null)
  expect(withRemark(EMPTY_MANIFEST, 100, 'history').remark).toBe(null)
  expect(remarkOn(ONE_FILE, 0)).toBe('')
})
