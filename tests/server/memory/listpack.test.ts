import { describe, expect, test } from 'vitest'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { Element } from '../../../server/memory/element.js'
import { isValidListpack } from '../../../server/memory/listpack-check.js'
import { ListpackCursor } from '../../../server/memory/listpack-cursor.js'
import {
  appendElement,
  endOfListpack,
  entryAtIndex,
  entryBytesFor,
  findElement,
  firstEntry,
  initListpack,
  insertElement,
  insertEntries,
  lastEntry,
  listpackBytes,
  listpackLength,
  nextEntry,
  NO_ENTRY,
  removeElements,
  replaceElement,
} from '../../../server/memory/listpack.js'

const START = 3
const element = (text: string): Element => new Element().set(Span.of(text))

function listpackOf(...texts: string[]): Mem {
  const elements = texts.map(element)
  const mem = Mem.ofSize(START + 7 + elements.reduce((sum, one) => sum + entryBytesFor(one), 0) + 256)
  initListpack(mem, START)
  for (const one of elements) appendElement(mem, START, one)
  return mem
}

const bytesOf = (mem: Mem): Buffer => mem.u8.subarray(START, START + listpackBytes(mem, START))

function textsOf(mem: Mem): string[] {
  const cursor = new ListpackCursor()
  const texts: string[] = []
  for (let more = cursor.first(mem, START); more; more = cursor.next())
    texts.push(cursor.element.span().latin1())
  return texts
}

describe('the bytes', () => {
  test('of an empty listpack', () => {
    expect(bytesOf(listpackOf()).toString('hex')).toBe('07000000' + '0000' + 'ff')
  })

  test.each([
    ['0', '00'],
    ['127', '7f'],
    ['128', 'c080'],
    ['-1', 'dfff'],
    ['-4096', 'd000'],
    ['4095', 'cfff'],
    ['4096', 'f10010'],
    ['-32768', 'f10080'],
    ['32768', 'f2008000'],
    ['-8388608', 'f2000080'],
    ['8388608', 'f300008000'],
    ['-2147483648', 'f300000080'],
    ['2147483648', 'f40000008000000000'],
    ['-9223372036854775808', 'f40000000000000080'],
    ['', '80'],
    ['hello', '8568656c6c6f'],
    ['01', '823031'],
  ])('of %j', (text, hex) => {
    const data = hex + (hex.length / 2).toString(16).padStart(2, '0')
    expect(bytesOf(listpackOf(text)).toString('hex').slice(12)).toBe(`${data}ff`)
  })

  test.each([
    [63, 'bf', '40'],
    [64, 'e040', '42'],
    [125, 'e07d', '7f'],
    [126, 'e07e', '0180'],
    [4095, 'efff', '2081'],
    [4096, 'f000100000', '2085'],
    [16377, 'f0f93f0000', '7ffe'],
    [16378, 'f0fa3f0000', '00ffff'],
    [2097145, 'f0f9ff1f00', '7ffffe'],
    [2097146, 'f0faff1f00', '00ffffff'],
  ])('of a text of %i bytes', (length, head, back) => {
    const bytes = bytesOf(listpackOf('x'.repeat(length)))
    const behindText = 6 + head.length / 2 + length
    expect(bytes.subarray(6, 6 + head.length / 2).toString('hex')).toBe(head)
    expect(bytes.subarray(behindText).toString('hex')).toBe(`${back}ff`)
    expect(isValidListpack(Span.of(bytes))).toBe(true)
  })
})

describe('editing', () => {
  test('inserts before a place, replaces and removes', () => {
    const mem = listpackOf('a', '1', 'b')
    insertElement(mem, START, entryAtIndex(mem, START, 1), element('between'))
    insertElement(mem, START, firstEntry(mem, START), element('-7'))
    replaceElement(mem, START, lastEntry(mem, START), element('longer than b'))
    expect(textsOf(mem)).toEqual(['-7', 'a', 'between', '1', 'longer than b'])
    expect(removeElements(mem, START, entryAtIndex(mem, START, 1), 2)).toBe(2)
    expect(textsOf(mem)).toEqual(['-7', '1', 'longer than b'])
    expect(removeElements(mem, START, entryAtIndex(mem, START, 1), 99)).toBe(2)
    expect(removeElements(mem, START, firstEntry(mem, START))).toBe(1)
    expect(bytesOf(mem)).toEqual(bytesOf(listpackOf()))
  })

  test('copies entries of another listpack as they are', () => {
    const from = listpackOf('0', '1', 'two', '3', '4')
    const to = listpackOf('a', 'z')
    const [begin, end] = [entryAtIndex(from, START, 1), entryAtIndex(from, START, 4)]
    insertEntries(to, START, entryAtIndex(to, START, 1), from, START, begin, end, 3)
    insertEntries(to, START, endOfListpack(to, START), from, START, end, endOfListpack(from, START), 1)
    expect(bytesOf(to)).toEqual(bytesOf(listpackOf('a', '1', 'two', '3', 'z', '4')))
  })
})

describe('reading', () => {
  test('finds fields and not values when told to look at every second', () => {
    const mem = listpackOf('f', 'v', 'v', '1', '1', 'f')
    const find = (text: string, stride: number): number =>
      findElement(mem, START, firstEntry(mem, START), element(text), stride)
    expect(find('v', 1)).toBe(entryAtIndex(mem, START, 1))
    expect(find('v', 2)).toBe(entryAtIndex(mem, START, 2))
    expect(find('1', 2)).toBe(entryAtIndex(mem, START, 4))
    expect(find('1', 1)).toBe(entryAtIndex(mem, START, 3))
    expect(find('x', 1)).toBe(NO_ENTRY)
    expect(findElement(mem, START, NO_ENTRY, element('f'))).toBe(NO_ENTRY)
    expect(findElement(mem, START, endOfListpack(mem, START), element('f'))).toBe(NO_ENTRY)
  })

  test('finds an integer that a foreign listpack keeps as text', () => {
    const mem = listpackOf('ab')
    mem.u8.write('12', START + 7, 'latin1')
    expect(findElement(mem, START, firstEntry(mem, START), element('12'))).toBe(firstEntry(mem, START))
    expect(findElement(mem, START, firstEntry(mem, START), new Element().setNumber(12))).toBe(
      firstEntry(mem, START),
    )
  })

  test('goes to indexes from either end, and to none beyond', () => {
    const mem = listpackOf('a', 'b', 'c')
    const cursor = new ListpackCursor()
    const at = (index: number): string | null =>
      cursor.index(mem, START, index) ? cursor.element.span().latin1() : null
    expect([0, 1, 2, 3, -1, -2, -3, -4].map(at)).toEqual(['a', 'b', 'c', null, 'c', 'b', 'a', null])
  })

  test('an empty listpack has neither first nor last', () => {
    const mem = listpackOf()
    expect([firstEntry(mem, START), lastEntry(mem, START), entryAtIndex(mem, START, 0)]).toEqual([-1, -1, -1])
  })
})

test('counts past what the header can say, and notes the count again when it can', () => {
  const mem = Mem.ofSize(START + 7 + 2 * 65540)
  initListpack(mem, START)
  const one = element('1')
  for (let i = 0; i < 65536; i++) appendElement(mem, START, one)
  expect(mem.dv.getUint16(START + 4, true)).toBe(65535)
  expect(listpackLength(mem, START)).toBe(65536)
  expect(isValidListpack(Span.of(bytesOf(mem)))).toBe(true)
  removeElements(mem, START, entryAtIndex(mem, START, -2), 2)
  expect(mem.dv.getUint16(START + 4, true)).toBe(65535)
  expect(listpackLength(mem, START)).toBe(65534)
  expect(mem.dv.getUint16(START + 4, true)).toBe(65534)
})

describe('the check', () => {
  const valid = bytesOf(listpackOf('a', '1', '-100000', 'x'.repeat(64), 'y'.repeat(200), '9999999999'))
  const check = (bytes: Uint8Array): boolean => isValidListpack(new Span(Mem.copyOf(bytes), 0, bytes.length))

  test('accepts a listpack wherever it stands', () => {
    expect(check(valid)).toBe(true)
    const mem = Mem.copyOf(Buffer.concat([Buffer.alloc(5), valid, Buffer.alloc(5)]))
    expect(isValidListpack(new Span(mem, 5, valid.length))).toBe(true)
  })

  test('refuses every listpack that was cut off or lengthened', () => {
    for (let length = 0; length < valid.length; length++) expect(check(valid.subarray(0, length))).toBe(false)
    expect(check(Buffer.concat([valid, Buffer.from([0xff])]))).toBe(false)
  })

  test('a changed byte is refused, or leaves a listpack that can be read from end to end', () => {
    let accepted = 0
    for (let i = 0; i < valid.length; i++) {
      for (let byte = 0; byte < 256; byte++) {
        const changed = Buffer.from(valid)
        changed[i] = byte
        if (!check(changed)) continue
        accepted++
        expect(walk(changed)).toBe(true)
      }
    }
    expect(accepted).toBeGreaterThan(valid.length)
  })

  test('refuses a text that reaches beyond the end, of whatever length it says it is', () => {
    for (const length of [1, 100, 0x7fffffff, 0xffffffff]) {
      const bytes = Buffer.from('0000000001' + '00' + 'f0' + '00000000' + '05' + 'ff', 'hex')
      bytes.writeUInt32LE(bytes.length, 0)
      bytes.writeUInt32LE(length, 7)
      expect(check(bytes)).toBe(false)
    }
  })

  /** Forwards to the last byte and back to the first. */
  function walk(bytes: Buffer): boolean {
    const mem = Mem.copyOf(bytes)
    let at = firstEntry(mem, 0)
    let count = 0
    for (; at !== NO_ENTRY; at = nextEntry(mem, 0, at)) count++
    const cursor = new ListpackCursor()
    for (let more = cursor.last(mem, 0); more; more = cursor.previous()) count--
    return count === 0
  }
})
