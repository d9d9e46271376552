import { describe, expect, test } from 'vitest'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { Element } from '../../../server/memory/element.js'
import {
  addToIntset,
  EMPTY_INTSET_BYTES,
  initIntset,
  intsetBytes,
  intsetBytesWith,
  intsetHas,
  intsetLength,
  isValidIntset,
  readMember,
  removeFromIntset,
} from '../../../server/memory/intset.js'

const START = 5
const element = (text: string): Element => new Element().set(Span.of(text))

function intsetOf(...texts: string[]): Mem {
  const mem = Mem.ofSize(START + EMPTY_INTSET_BYTES + 8 * texts.length + 64)
  initIntset(mem, START)
  for (const text of texts) addToIntset(mem, START, element(text))
  return mem
}

const hex = (mem: Mem): string => mem.u8.subarray(START, START + intsetBytes(mem, START)).toString('hex')

function membersOf(mem: Mem): string[] {
  const into = new Element()
  const read = (_: unknown, index: number): string => readMember(mem, START, index, into).span().latin1()
  return Array.from({ length: intsetLength(mem, START) }, read)
}

describe('the bytes', () => {
  test.each([
    [[], '0200000000000000'],
    [['5', '-1', '300'], '02000000' + '03000000' + 'ffff05002c01'],
    [['32767', '-32768'], '02000000' + '02000000' + '0080ff7f'],
    [['1', '32768'], '04000000' + '02000000' + '0100000000800000'],
    [['1', '-32769'], '04000000' + '02000000' + 'ff7fffff01000000'],
    [['-1', '2147483648'], '08000000' + '02000000' + 'ffffffffffffffff' + '0000008000000000'],
    [
      ['-1', '70000', '-2147483649'],
      '08000000' + '03000000' + 'ffffff7fffffffff' + 'ffffffffffffffff' + '7011010000000000',
    ],
  ])('of %j', (texts, expected) => {
    expect(hex(intsetOf(...texts))).toBe(expected)
  })
})

test('a member is added once and removed once', () => {
  const mem = intsetOf('3', '1', '2')
  expect(addToIntset(mem, START, element('2'))).toBe(false)
  expect(removeFromIntset(mem, START, element('2'))).toBe(true)
  expect(removeFromIntset(mem, START, element('2'))).toBe(false)
  expect(membersOf(mem)).toEqual(['1', '3'])
})

test('what is no integer, or wider than all members, is not there', () => {
  const mem = intsetOf('1', '2')
  for (const text of ['x', '', '01', '70000', '-70000', '9223372036854775807', '4294967297']) {
    expect(intsetHas(mem, START, element(text))).toBe(false)
    expect(removeFromIntset(mem, START, element(text))).toBe(false)
  }
})

test('integers beyond 2^53 are told apart', () => {
  const ids = ['9007199254740993', '9007199254740992', '-9223372036854775808', '9223372036854775807']
  const mem = intsetOf(...ids)
  expect(membersOf(mem)).toEqual([ids[2], ids[1], ids[0], ids[3]])
  expect(intsetHas(mem, START, element('9007199254740994'))).toBe(false)
})

test('says before how large it will be', () => {
  const mem = intsetOf('1', '2')
  expect(intsetBytesWith(mem, START, element('3'))).toBe(8 + 3 * 2)
  expect(intsetBytesWith(mem, START, element('65536'))).toBe(8 + 3 * 4)
  expect(intsetBytesWith(mem, START, element('-4294967296'))).toBe(8 + 3 * 8)
})

describe('the check', () => {
  const check = (text: string): boolean => isValidIntset(Span.of(Buffer.from(text, 'hex')))

  test('accepts what was built here', () => {
    for (const members of [[], ['1'], ['-5', '3', '70000'], ['-1', '0', '4294967296']]) {
      expect(check(hex(intsetOf(...members)))).toBe(true)
    }
  })

  test.each([
    ['cut off', '02000000' + '0200'],
    ['of a strange width', '03000000' + '01000000' + '010000'],
    ['of width 0', '00000000' + '01000000'],
    ['with too few members', '02000000' + '02000000' + '0100'],
    ['with too many members', '02000000' + '01000000' + '01000200'],
    ['with a count that overflows', '08000000' + 'ffffffff' + '0100000000000000'],
    ['with a member twice', '02000000' + '02000000' + '01000100'],
    ['out of order', '02000000' + '02000000' + '0100ffff'],
    ['out of order in the lower word', '08000000' + '02000000' + '0200008000000000' + '0100008000000000'],
  ])('refuses an intset %s', (_, text) => {
    expect(check(text)).toBe(false)
  })
})
