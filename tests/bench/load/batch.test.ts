import { expect, test } from 'vitest'
import { Batch, HOLE } from '../../../bench/load/batch.js'
import { type Test, requestWords } from '../../../bench/load/workload.js'
import { encodeCommand } from '../../../bench/server/connection.js'

const requestOf = (test: Test): string => encodeCommand(requestWords(test))

test('each hole is filled with twelve digits of the next number', () => {
  let next = 98
  const batch = new Batch([`<${HOLE}>`], 3)
  expect(batch.fill(() => ++next).toString()).toBe('<000000000099><000000000100><000000000101>')
  expect(batch.fill(() => 999_999_999_999).toString()).toBe('<999999999999>'.repeat(3))
})

test('a request without holes is only repeated', () => {
  expect(new Batch([requestOf('ping')], 2).bytes.toString()).toBe('*1\r\n$4\r\nPING\r\n'.repeat(2))
})

test('requests take turns', () => {
  let next = 0
  const batch = new Batch([`+${HOLE}`, '-'], 3)
  expect(batch.fill(() => ++next).toString()).toBe('+000000000001-+000000000002')
})

test('requests have the shape of those of redis-benchmark', () => {
  const key = `$16\r\nkey:${HOLE}\r\n`
  expect(requestOf('set')).toBe(`*3\r\n$3\r\nSET\r\n${key}$3\r\nVXK\r\n`)
  expect(requestOf('get')).toBe(`*2\r\n$3\r\nGET\r\n${key}`)
  expect(requestOf('incr')).toBe(`*2\r\n$4\r\nINCR\r\n$20\r\ncounter:${HOLE}\r\n`)
  expect(requestOf('mset')).toBe(`*21\r\n$4\r\nMSET\r\n` + `${key}$3\r\nVXK\r\n`.repeat(10))
})
