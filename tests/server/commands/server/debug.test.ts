import { describe, expect, test } from 'vitest'
import { Config } from '../../../../server/config/config.js'
import { Engine } from '../../../../server/engine/engine.js'
import { VirtualClock } from '../../../../server/lib/clock.js'
import { silentLog } from '../../../../server/lib/log.js'
import { simulatedProcess } from '../../../../server/lib/process-facts.js'
import { seededRandom } from '../../../../server/lib/random.js'
import { parts } from '../../../../server/parts.js'
import { Request } from '../../../../server/resp/request.js'
import { type TestEngine, testEngine } from '../../../support/engine.js'

const debugging = (seed = 1): TestEngine => testEngine({ seed, config: { 'enable-debug-command': 'yes' } })

function filled(seed: number, lines: readonly string[]): TestEngine {
  const world = debugging(seed)
  for (const line of lines) world.ask(line)
  return world
}

describe('DEBUG DIGEST', () => {
  test('is the same for the same data, however it came to be', () => {
    const one = filled(1, ['SET a 1', 'SET b 2 EX 100', 'SELECT 1', 'SET c 3'])
    const other = filled(2, [
      'SELECT 1',
      'SET c x',
      'SET c 3',
      'SELECT 0',
      'SET b 2 EX 50',
      'SET a 0',
      'INCR a',
    ])
    expect(one.ask('DEBUG DIGEST')).toBe(other.ask('DEBUG DIGEST'))
  })

  test('tells databases, values and times to live apart', () => {
    const digests = [['SET a 1'], ['SET a 2'], ['SET a 1 EX 100'], ['SELECT 1', 'SET a 1'], ['SET b 1']].map(
      lines => filled(1, lines).ask('DEBUG DIGEST'),
    )
    expect(new Set(digests).size).toBe(digests.length)
  })

  test('is zeros without keys', () => {
    expect(debugging().ask('DEBUG DIGEST')).toBe('0'.repeat(40))
  })

  test('of values does not depend on their keys', () => {
    const world = filled(1, ['SET a 1', 'SET b 1', 'SET c 2'])
    const [a, b, c] = world.ask('DEBUG DIGEST-VALUE a b c') as readonly string[]
    expect(a).toBe(b)
    expect(a).not.toBe(c)
  })
})

describe('DEBUG POPULATE', () => {
  test('is told to nobody', () => {
    const world = debugging()
    world.ask('DEBUG POPULATE 100')
    expect(world.history).toEqual([])
    expect(world.engine.keyspace.keys).toBe(100)
    world.audit()
  })

  test('breaks watches all the same', () => {
    const world = debugging()
    world.ask('WATCH key:1')
    world.client('b').ask('DEBUG POPULATE 2')
    world.ask('MULTI')
    world.ask('PING')
    expect(world.ask('EXEC')).toBeNull()
  })
})

test('DEBUG SLEEP lets time pass', () => {
  const world = debugging()
  const before = world.clock.monotonicUs()
  world.ask('DEBUG SLEEP 0.25')
  expect(world.clock.monotonicUs() - before).toBe(250_000)
})

test('DEBUG PAUSE-CRON stops the ticks', () => {
  let ticks = 0
  const ticking = {
    name: 'ticking',
    tick: () => {
      ticks++
    },
  }
  const world = testEngine({ parts: [...parts, ticking], config: { 'enable-debug-command': 'yes' } })
  world.ask('DEBUG PAUSE-CRON 1')
  world.advance(1000)
  expect(ticks).toBe(0)
  world.ask('DEBUG PAUSE-CRON 0')
  world.advance(1000)
  expect(ticks).toBeGreaterThan(5)
})

test('DEBUG SEGFAULT says so in the log and dies by the signal', () => {
  const lines: string[] = []
  const signals: string[] = []
  const config = new Config()
  config.load('enable-debug-command yes\n', () => [])
  const engine = new Engine(
    {
      clock: new VirtualClock(),
      random: seededRandom(1),
      log: { ...silentLog(), warning: line => void lines.push(line) },
      config,
      facts: simulatedProcess({ die: signal => void signals.push(signal) }),
    },
    parts,
  )
  engine.execute(engine.openSession(Request.of(['DEBUG', 'SEGFAULT'])))
  expect(signals).toEqual(['SIGSEGV'])
  expect(lines.some(line => line.includes('crashed by signal: 11'))).toBe(true)
})

test('DEBUG ASSERT fails as a broken assertion of ours does', () => {
  expect(() => debugging().ask('DEBUG ASSERT')).toThrow('DEBUG ASSERT was called')
})

test('a room above may bring its own subcommand', () => {
  const world = debugging()
  world.engine.debug.subcommands.push({
    name: 'redecorate',
    syntax: '',
    does: 'Does nothing.',
    words: [0, 0],
    run: ctx => ctx.reply.simple('DECORATED'),
  })
  expect(world.ask('DEBUG REDECORATE')).toBe('DECORATED')
})
