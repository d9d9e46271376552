import { expect, test } from 'vitest'
import { Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { CommandText, type CommandWord } from '../../../server/resp/command-text.js'
import { Request } from '../../../server/resp/request.js'
import { encodeRequest } from '../../support/request.js'

const written = (text: CommandText): string => text.bytes.toString('latin1')

/** What the words are as bytes. */
function plain(word: CommandWord): string | Uint8Array {
  if (word instanceof Span) return word.bytes()
  return word instanceof Uint8Array ? word : `${word}`
}

test('words of every kind stand as bulk strings', () => {
  const words = [
    Span.of('\0\xff'),
    'SET',
    '',
    'x'.repeat(100),
    'caf\xe9',
    Uint8Array.of(13, 10),
    0,
    -7,
    Number.MAX_SAFE_INTEGER,
    1.5,
    2n ** 63n,
  ]
  const text = new CommandText()
  text.addWords(words)
  expect(written(text)).toBe(encodeRequest(words.map(plain)).toString('latin1'))
})

test('SELECT says which database comes next', () => {
  const text = new CommandText()
  text.addSelect(12)
  expect(written(text)).toBe('*2\r\n$6\r\nSELECT\r\n$2\r\n12\r\n')
})

test('a request that was not read from the wire is written word by word, also with one of them replaced', () => {
  const text = new CommandText()
  const request = Request.of(['SET', 'k', 'v'])
  text.addRequest(request)
  text.addEdited(request, 2, Span.of('other'))
  expect(written(text)).toBe(
    Buffer.concat([encodeRequest('SET k v'), encodeRequest('SET k other')]).toString('latin1'),
  )
})

test('random commands one behind the other, in a memory that grows and is emptied now and then', () => {
  const random = seededRandom(11)
  const text = new CommandText()
  let wanted: Buffer[] = []
  for (let round = 0; round < 400; round++) {
    const words = Array.from({ length: 1 + (random.uint32() % 5) }, () => random.hex(random.uint32() % 3000))
    text.addWords(words.map(word => (random.uint32() % 2 === 0 ? word : Span.of(word))))
    wanted.push(encodeRequest(words))
    if (random.uint32() % 100 > 0) continue
    expect(text.bytes.equals(Buffer.concat(wanted))).toBe(true)
    text.clear()
    wanted = []
  }
  expect(text.bytes.equals(Buffer.concat(wanted))).toBe(true)
})

test('a memory that has grown large is not kept', () => {
  const text = new CommandText()
  expect(text.mem.length).toBe(0)
  text.addWords(['x'.repeat(2 << 20)])
  expect(text.mem.length).toBeGreaterThan(2 << 20)
  text.clear()
  expect([text.length, text.mem.length]).toEqual([0, 0])
})
