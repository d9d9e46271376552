import { expect, test } from 'vitest'
import { isValidNode } from '../../../server/data/stream/check.js'
import { Mem, Span } from '../../../server/lib/bytes.js'

/** A listpack of these elements, at the very end of its memory. */
function atTheEnd(...elements: number[]): Span {
  const length = 6 + elements.length + 1
  expect(length % 8).toBe(0)
  return new Span(Mem.copyOf(Uint8Array.from([length, 0, 0, 0, 0xff, 0xff, ...elements, 0xff])), 0, length)
}

/** The head of a node of which no entry lives and none is deleted, with one field of `name`. */
function head(name: string): number[] {
  const field = [0x80 | name.length, ...Buffer.from(name), name.length + 1]
  return [0, 1, 0, 1, 1, 1, ...field, 0, 1]
}

test('a head without entries is a node', () => {
  expect(isValidNode(atTheEnd(...head('abcdefg')))).toBe(true)
})

test('an element whose length would stand behind the end of the memory makes no node', () => {
  expect(isValidNode(atTheEnd(...head('abcd'), 0, 1, 0xf0))).toBe(false)
})
