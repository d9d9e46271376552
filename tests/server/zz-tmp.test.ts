import { test } from 'vitest'
import { testEngine } from '/work/main/tests/support/engine.js'
test('x', () => {
  for (const n of [31, 8191, 65535]) {
  const w = testEngine({ config: { 'hash-max-listpack-entries': '100000', 'hash-max-listpack-value': '100000' } })
  w.ask(['HSET', 'k', 'a', 'x'.repeat(n)])
  const d = w.ask('DUMP k') as string
  console.log(n, typeof d, d.length, JSON.stringify(w.ask(['RESTORE', 'kk', '0', Buffer.from(d, 'latin1')])))
  }
})
