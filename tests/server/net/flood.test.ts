import { expect, test } from 'vitest'
import { Mem } from '../../../server/lib/bytes.js'
import { HEADROOM } from '../../../server/resp/parser.js'
import { testEngine } from '../../support/engine.js'
import { TestNet } from '../../support/wire.js'

test('a read that held requests gives others their turn, also when all of them were refused', () => {
  const { connection } = new TestNet(testEngine()).connect()
  const reads = (text: string): boolean => {
    const mem = Mem.copyOf(Buffer.concat([Buffer.alloc(HEADROOM), Buffer.from(text)]))
    return connection.received(mem, HEADROOM, text.length)
  }
  expect(reads('NO-SUCH\r\n'.repeat(3))).toBe(true)
  expect(reads('GET\r\n')).toBe(true)
  expect(reads('*2\r\n$3\r\nGET\r\n')).toBe(false)
})
