import { describe, expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { seededRandom } from '../../../server/lib/random.js'
import { replayed } from '../../support/replayed.js'
import { notifies, propagates } from '../../support/session.js'

/** At the start it is 1,000,000,000 ms. */
const MADE = 'XGROUP CREATE s g 0 MKSTREAM'
const ONE = 'XADD s 1-1 f v'

describe('what others hear of streams', () => {
  propagates('XADD s * f v', 'XADD s 1000000000-0 f v')
  propagates('XADD s 5-* f v', 'XADD s 5-0 f v')
  propagates([ONE, 'XADD s MAXLEN ~ 100 * f v'], 'XADD s MAXLEN = 2 1000000000-0 f v')
  propagates([ONE, 'XADD s MINID ~ 1 2-1 f v'], 'XADD s MINID = 1-1 2-1 f v')
  propagates([ONE, 'XTRIM s MAXLEN 5'])
  propagates([ONE, 'XDEL s 9-9'])
  propagates([ONE, 'XDEL s 1-1'], 'XDEL s 1-1')
  propagates([ONE, MADE, 'XACK s g 1-1'])
  propagates(
    [ONE, MADE, 'XREADGROUP GROUP g c STREAMS s >'],
    'MULTI',
    'XCLAIM s g c 0 1-1 TIME 1000000000 RETRYCOUNT 1 FORCE JUSTID LASTID 1-1',
    'XGROUP SETID s g 1-1 ENTRIESREAD 1',
    'EXEC',
  )
  propagates(
    [ONE, MADE, 'XREADGROUP GROUP g c NOACK STREAMS s >'],
    'MULTI',
    'XGROUP CREATECONSUMER s g c',
    'XGROUP SETID s g 1-1 ENTRIESREAD 1',
    'EXEC',
  )
  propagates([MADE, 'XREADGROUP GROUP g c STREAMS s >'], 'XGROUP CREATECONSUMER s g c')
  propagates(
    [ONE, MADE, 'XREADGROUP GROUP g c STREAMS s >', 'XREADGROUP GROUP g c STREAMS s 0'],
    'XCLAIM s g c 0 1-1 TIME 1000000000 RETRYCOUNT 2 FORCE JUSTID LASTID 1-1',
  )
  propagates(
    [ONE, MADE, 'XREADGROUP GROUP g c STREAMS s >', 'XCLAIM s g d 0 1-1'],
    'XCLAIM s g d 0 1-1 TIME 1000000000 RETRYCOUNT 2 FORCE JUSTID LASTID 1-1',
  )
  propagates(
    [ONE, MADE, 'XREADGROUP GROUP g c STREAMS s >', 'XAUTOCLAIM s g d 0 - JUSTID'],
    'XCLAIM s g d 0 1-1 TIME 1000000000 RETRYCOUNT 1 FORCE JUSTID LASTID 1-1',
  )
  propagates([ONE, 'XGROUP CREATE s g $'], 'XGROUP CREATE s g $')
})

describe('which events streams tell', () => {
  notifies('XADD s * f v', 'xadd s')
  notifies([ONE, 'XADD s MAXLEN 1 * f v'], 'xadd s', 'xtrim s')
  notifies([ONE, 'XTRIM s MAXLEN 0'], 'xtrim s')
  notifies([ONE, 'XDEL s 1-1'], 'xdel s')
  notifies([ONE, 'XSETID s 2-0'], 'xsetid s')
  notifies('XGROUP CREATE s g $ MKSTREAM', 'xgroup-create s')
  notifies([MADE, 'XGROUP CREATECONSUMER s g c'], 'xgroup-createconsumer s')
  notifies([MADE, 'XGROUP DESTROY s g'], 'xgroup-destroy s')
  notifies([MADE, 'XREADGROUP GROUP g c STREAMS s >'], 'xgroup-createconsumer s')
})

test('a reader that waits for idle entries is served by the tick, and others hear of it', () => {
  const world = testEngine()
  const client = world.client('a')
  for (const line of [ONE, MADE, 'XREADGROUP GROUP g c STREAMS s >']) client.send(line)
  const before = world.history.length
  world.client('b').send('XREADGROUP GROUP g d CLAIM 1000 BLOCK 0 STREAMS s >')
  world.clock.advance(1100)
  expect(world.history.slice(before)).toEqual([
    'XGROUP CREATECONSUMER s g d',
    'XCLAIM s g d 0 1-1 TIME 1000001000 RETRYCOUNT 2 FORCE JUSTID LASTID 1-1',
  ])
})

test('who repeats what was told of deliveries counts the entries read as the master did', async () => {
  const world = testEngine()
  const random = seededRandom(5)
  const log: Buffer[] = []
  world.engine.journal.attach({
    append: (_db, mem, start, length) => log.push(Buffer.from(mem.u8.subarray(start, start + length))),
  })
  for (const group of ['g', 'h']) world.ask(`XGROUP CREATE s ${group} 0 MKSTREAM`)
  for (let i = 1; i < 400; i++) {
    const group = random.below(2) === 0 ? 'g' : 'h'
    const id = 1 + random.below(i)
    world.ask(`XADD s ${i}-0 f v`)
    if (i % 3 === 0) world.ask(`XREADGROUP GROUP ${group} c COUNT ${1 + random.below(9)} STREAMS s >`)
    if (i % 10 === 0) world.ask(`XREADGROUP GROUP ${group} c NOACK COUNT 2 STREAMS s >`)
    if (i % 20 === 0) world.ask(`XDEL s ${id}-0`)
    if (i % 50 === 0) world.ask(`XGROUP SETID s ${group} ${id}-0`)
    if (i % 30 === 0) world.ask(`XCLAIM s ${group} d 0 ${id}-0 FORCE LASTID ${id}-0`)
  }
  const other = testEngine()
  await replayed(other.engine, Buffer.concat(log))
  expect(other.ask('XINFO GROUPS s')).toEqual(world.ask('XINFO GROUPS s'))
})
