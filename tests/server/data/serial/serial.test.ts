import { describe, expect, test } from 'vitest'
import { seal, unseal } from '../../../../server/data/serial/dump-payload.js'
import { SpanSource, ValueReader } from '../../../../server/data/serial/value-reader.js'
import { ValueWriter } from '../../../../server/data/serial/value-writer.js'
import { Span } from '../../../../server/lib/bytes.js'
import { BadData } from '../../../../server/data/serial/bad-data.js'
import { BAD_DUMP } from '../../../../server/resp/errors.js'

function written(write: (writer: ValueWriter) => void, compress = true): Span {
  const writer = new ValueWriter(compress)
  write(writer)
  return writer.written
}

function readerOf(bytes: Span | string): ValueReader {
  return new ValueReader(new SpanSource(typeof bytes === 'string' ? Span.of(bytes) : bytes))
}

describe('lengths', () => {
  const forms: readonly (readonly [number, string])[] = [
    [0, '\x00'],
    [63, '\x3f'],
    [64, '\x40\x40'],
    [16_383, '\x7f\xff'],
    [16_384, '\x80\x00\x00\x40\x00'],
    [2 ** 32 - 1, '\x80\xff\xff\xff\xff'],
  ]
  for (const [size, form] of forms) {
    test(`${size} is written and read in ${form.length} bytes`, () => {
      expect(written(writer => writer.size(size)).latin1()).toBe(form)
      expect(readerOf(form).size()).toBe(size)
      expect(readerOf(form).wideSize()).toBe(BigInt(size))
    })
  }

  test('64 bits are for numbers, not for sizes', () => {
    const form = written(writer => writer.size(2n ** 64n - 1n))
    expect(form.latin1()).toBe('\x81' + '\xff'.repeat(8))
    expect(readerOf(form).wideSize()).toBe(2n ** 64n - 1n)
    expect(() => readerOf(form).size()).toThrow(BadData)
  })
})

describe('strings', () => {
  test('come back as they were', () => {
    const texts = [
      '',
      '5',
      '-5',
      '300',
      '-40000',
      '70000',
      '4294967296',
      '007',
      'text',
      'a'.repeat(100),
      'ab'.repeat(9000),
    ]
    for (const compress of [true, false]) {
      const reader = readerOf(
        written(writer => texts.forEach(text => writer.string(Span.of(text))), compress),
      )
      for (const text of texts) expect(reader.string().latin1()).toBe(text)
    }
  })

  test('integers are written as the strings they are', () => {
    const numbers = [0, -128, 127, 128, 2 ** 31 - 1, 2 ** 31, 2n ** 63n - 1n]
    const reader = readerOf(written(writer => numbers.forEach(number => writer.integer(number))))
    for (const number of numbers) expect(reader.string().latin1()).toBe(`${number}`)
  })

  test('what is cut short or promises too much is bad data', () => {
    for (const form of [
      '',
      '\x05abc',
      '\xc0',
      '\xc1\x01',
      '\xc4',
      '\xc3\x01\x80\xff\xff\xff\xffx',
      '\xc3\x02\x04\x01a',
      '\x82',
    ]) {
      expect(() => readerOf(form).string(), JSON.stringify(form)).toThrow(BadData)
    }
  })
})

test('numbers of fixed width are little endian', () => {
  const form = written(writer => {
    writer.byte(7)
    writer.uint16(0x0102)
    writer.int32(-2)
    writer.int64(-3)
    writer.uint64(2n ** 64n - 1n)
    writer.double(0.5)
  })
  expect(form.latin1().slice(0, 7)).toBe('\x07\x02\x01\xfe\xff\xff\xff')
  const reader = readerOf(form)
  expect([reader.byte(), reader.uint16(), reader.int32()]).toEqual([7, 0x0102, -2])
  expect([reader.int64(), reader.uint64(), reader.double()]).toEqual([-3n, 2n ** 64n - 1n, 0.5])
})

describe('payloads', () => {
  const payload = written(writer => {
    writer.byte(0)
    writer.string(Span.of('vw'))
    seal(writer)
  })

  test('carry a version and a checksum', () => {
    expect(payload.latin1()).toBe('\x00\x02vw\n\x00\xb8\n\x9el\xdbG\xa6\xc8')
    expect(unseal(payload, false).content.latin1()).toBe('\x00\x02vw')
  })

  test('are refused when a bit has changed, unless trusted, or when they come from the future', () => {
    for (let i = 0; i < payload.length; i++) {
      const changed = payload.clone()
      changed.mem.u8[i] ^= 1
      expect(() => unseal(changed, false)).toThrow(BAD_DUMP)
    }
    const changed = payload.clone()
    changed.mem.u8[2] ^= 1
    expect(unseal(changed, true).content.latin1()).toBe('\x00\x02ww')
    expect(() => unseal(Span.of('\x00\x00\xff\xff' + '\x00'.repeat(8)), false)).toThrow(BAD_DUMP)
    expect(() => unseal(Span.of('\n\x00'), false)).toThrow(BAD_DUMP)
  })
})
