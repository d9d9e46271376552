import { afterAll, describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../server/lib/random.js'
import { type TestEngine, testEngine } from '../support/engine.js'
import { ReplyError } from '../support/reply.js'
import type { Line } from '../support/request.js'
import { damaged } from '../support/damage.js'
import { readsOf, writesOf } from '../support/probes.js'
import { seedPayloads } from '../support/seed-payloads.js'

/**
 * Payloads of every type and form, damaged at random, are either refused, or make a value that every command of its
 * type can be asked of: no exception, no endless loop, no block of memory lost or used twice.
 *
 * SEED and DAMAGES (cases a form) may be given; a failure names the case, and the same seed makes it again.
 */

const SEED = Number(process.env.SEED ?? 20_261_120)
const DAMAGES = Number(process.env.DAMAGES ?? 200)
/** Cases between two looks at the arena. */
const AUDIT_EVERY = 50
/** Nothing that so few bytes can be takes longer, on a busy machine. */
const SLOW_MS = 5000

let restored = 0
let refused = 0

afterAll(() => {
  if (process.env.DAMAGES !== undefined) console.log(`${restored} restored, ${refused} refused`)
})

function world(): TestEngine {
  return testEngine({ nowMs: 10_000, config: { 'enable-debug-command': 'yes' } })
}

/** Whatever is answered, it has to be answered. */
function ask(made: TestEngine, line: Line): unknown {
  const client = made.client()
  client.send(line)
  const { value } = client.receive()
  while (client.waiting > 0) client.receive()
  return value
}

function restore(made: TestEngine, payload: Buffer): boolean {
  const answer = ask(made, ['RESTORE', 'k', '0', payload, 'REPLACE'])
  if (answer === 'OK') return true
  expect(answer).toBeInstanceOf(ReplyError)
  expect((answer as ReplyError).line).toMatch(/^ERR (Bad data format|DUMP payload version)/)
  return false
}

function exercise(made: TestEngine, random: Random): void {
  const type = String(ask(made, 'TYPE k'))
  for (const line of readsOf(type)) ask(made, line)
  for (const line of writesOf(type, random)) ask(made, line)
  for (const line of readsOf(type)) ask(made, line)
}

describe(`damaged payloads, seed ${SEED}`, () => {
  for (const [name, payload] of seedPayloads()) {
    test(`${name}: refused, or sound`, () => {
      const random = seededRandom(SEED)
      const made = world()
      expect(restore(made, payload)).toBe(true)
      exercise(made, random)
      for (let i = 0; i < DAMAGES; i++) {
        const bytes = damaged(payload, random)
        const startedMs = Date.now()
        try {
          if (restore(made, bytes)) {
            restored++
            exercise(made, random)
          } else {
            refused++
          }
          ask(made, 'FLUSHALL')
          if (i % AUDIT_EVERY === 0) made.audit()
        } catch (error) {
          throw new Error(`case ${i}: ${bytes.toString('hex')}`, { cause: error })
        }
        expect(Date.now() - startedMs, `case ${i}: ${bytes.toString('hex')}`).toBeLessThan(SLOW_MS)
      }
      made.audit()
    })
  }
})
