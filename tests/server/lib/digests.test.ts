import { expect, test } from 'vitest'
import { sameSecret, sha1, sha256Hex } from '../../../server/lib/digests.js'

test('digests are those of the standard', () => {
  expect(sha1(Buffer.from('abc')).toString('hex')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
  expect(sha256Hex(Buffer.from('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
  expect(sha256Hex(Buffer.alloc(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('a view of a larger memory is digested, not the memory', () => {
  const digest = sha1(Buffer.from('abc'))
  expect(sha1(Buffer.from('xxabcxx').subarray(2, 5))).toEqual(digest)
  const shared = new Uint8Array(new SharedArrayBuffer(8))
  shared.set(Buffer.from('abc'), 4)
  expect(sha1(shared.subarray(4, 7))).toEqual(digest)
})

test('secrets are the same when their bytes are', () => {
  expect(sameSecret(Buffer.from('pass'), Buffer.from('pass'))).toBe(true)
  expect(sameSecret(Buffer.from('pass'), Buffer.from('pasS'))).toBe(false)
  expect(sameSecret(Buffer.from('pass'), Buffer.from('pas'))).toBe(false)
  expect(sameSecret(Buffer.alloc(0), Buffer.alloc(0))).toBe(true)
})
