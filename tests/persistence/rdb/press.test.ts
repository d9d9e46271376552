import { expect, test } from 'vitest'
import { DirectPress } from '../../../persistence/rdb/press.js'
import { SpanSource, ValueReader } from '../../../server/data/serial/value-reader.js'
import { ValueWriter } from '../../../server/data/serial/value-writer.js'
import { Span } from '../../../server/lib/bytes.js'
import { crc64 } from '../../../server/lib/crc64.js'
import { seededRandom } from '../../../server/lib/random.js'
import { pressed, rawPiece } from '../../support/pieces.js'

const LENGTHS = [0, 1, 20, 21, 22, 63, 64, 100, 16383, 16384, 20_000, 100_000]

/** Strings that can be shortened, and such that cannot. */
function strings(): Span[] {
  const random = seededRandom(1)
  return LENGTHS.flatMap(length => [
    Span.of('abcd'.repeat(length).slice(0, length)),
    Span.of(Buffer.from(random.hex(length * 2 + 2), 'hex').subarray(0, length)),
    Span.of(Buffer.from(random.hex(length + 1)).subarray(0, length)),
  ])
}

test('strings that are compressed later are read as they were, and take less room', () => {
  const writer = new ValueWriter('later')
  for (const string of strings()) writer.string(string)
  const raw = { ...writer.detach(), last: true }
  const made = pressed(new DirectPress('none'), raw)
  expect(made.length).toBeLessThan(raw.length * 0.9)
  const reader = new ValueReader(new SpanSource(Span.of(made)))
  for (const string of strings()) expect(reader.string().equals(string)).toBe(true)
})

test('marks move along when one writer is put behind another', () => {
  const first = new ValueWriter('later')
  const second = new ValueWriter('later')
  const text = Span.of('y'.repeat(200))
  first.string(text)
  second.string(text)
  first.add(second)
  const made = pressed(new DirectPress('none'), { ...first.detach(), last: true })
  const reader = new ValueReader(new SpanSource(Span.of(made)))
  for (let i = 0; i < 2; i++) expect(reader.string().equals(text)).toBe(true)
  expect(made.length).toBeLessThan(40)
})

test('the last piece ends with the sum of all, with zeros, or with nothing', () => {
  const end = (form: 'sum' | 'zero' | 'none'): string => {
    const press = new DirectPress(form)
    const pieces = [rawPiece('1234'), rawPiece('56789', [], true)]
    return pieces.map(piece => pressed(press, piece).toString('hex')).join('')
  }
  const sum = Buffer.alloc(8)
  sum.writeBigUInt64LE(crc64(Buffer.from('123456789')))
  const text = Buffer.from('123456789').toString('hex')
  expect(end('sum')).toBe(text + sum.toString('hex'))
  expect(end('zero')).toBe(text + '0'.repeat(16))
  expect(end('none')).toBe(text)
})
