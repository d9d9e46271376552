import { describe, expect, test } from 'vitest'
import { rewriteConfig } from '../../../../server/commands/server/config.js'
import { Config } from '../../../../server/config/config.js'
import { Engine } from '../../../../server/engine/engine.js'
import { Event } from '../../../../server/keyspace/events.js'
import { VirtualClock } from '../../../../server/lib/clock.js'
import { silentLog } from '../../../../server/lib/log.js'
import { simulatedProcess } from '../../../../server/lib/process-facts.js'
import { seededRandom } from '../../../../server/lib/random.js'
import { SimulatedDisk } from '../../../../server/lib/simulated-disk.js'
import { parts } from '../../../../server/parts.js'
import { CommandError, NO_CONFIG_FILE } from '../../../../server/resp/errors.js'
import { testEngine } from '../../../support/engine.js'

const FILE = '/etc/redstart.conf'

function engineWith(disk: SimulatedDisk, configFile: string): Engine {
  const clock = new VirtualClock()
  const world = { clock, random: seededRandom(1), log: silentLog(), config: new Config(), disk, configFile }
  return new Engine({ ...world, facts: simulatedProcess() }, parts)
}

function emptyDisk(): SimulatedDisk {
  return new SimulatedDisk({ random: seededRandom(1), clock: new VirtualClock() })
}

async function diskWith(text: string): Promise<SimulatedDisk> {
  const disk = emptyDisk()
  await disk.mkdir('/etc')
  disk.writeFileAtomicallySync(FILE, Buffer.from(text))
  return disk
}

describe('CONFIG REWRITE', () => {
  test('writes the settings back and keeps the comments', async () => {
    const disk = await diskWith('# mine\nmaxmemory 1mb\n')
    const engine = engineWith(disk, FILE)
    engine.config.set([['maxmemory', '2mb']], { loading: false, maySetProtected: true })
    rewriteConfig(engine)
    expect(disk.readFileSync(FILE).toString()).toContain('# mine\nmaxmemory 2mb\n')
  })

  test('writes everything when asked by DEBUG CONFIG-REWRITE-FORCE-ALL', async () => {
    const disk = await diskWith('')
    rewriteConfig(engineWith(disk, FILE), { all: true })
    expect(disk.readFileSync(FILE).toString()).toContain('\nmaxmemory-samples 5\n')
  })

  test('needs a file', () => {
    expect(() => rewriteConfig(engineWith(emptyDisk(), ''))).toThrow(NO_CONFIG_FILE)
  })

  test('says why it failed', () => {
    const engine = engineWith(emptyDisk(), '/nowhere/at/all.conf')
    expect(() => rewriteConfig(engine)).toThrow(CommandError)
  })
})

describe('CONFIG SET acts at once', () => {
  test('on the slow log', () => {
    const { engine, ask } = worldOf()
    ask('CONFIG SET slowlog-log-slower-than 5')
    expect(engine.slowLog.thresholdUs).toBe(5)
    ask('CONFIG SET slowlog-log-slower-than -1')
    expect(engine.slowLog.thresholdUs).toBe(Infinity)
  })

  test('on keyspace notifications', () => {
    const { engine, ask } = worldOf()
    ask('CONFIG SET notify-keyspace-events K$')
    expect(engine.changes.notify).toBe(Event.keyspace | Event.string)
  })

  test('on how accesses are remembered', () => {
    const { engine, ask } = worldOf()
    const { access } = engine.keyspace
    ask('CONFIG SET maxmemory-policy allkeys-lfu lfu-log-factor 3 lfu-decay-time 2')
    expect(access).toMatchObject({ lfu: true, modifiedOnly: false, lfuLogFactor: 3, lfuDecayMinutes: 2 })
    ask('CONFIG SET maxmemory-policy volatile-lrm')
    expect(access).toMatchObject({ lfu: false, modifiedOnly: true })
  })

  test('on what latency is measured', () => {
    const { engine, ask } = worldOf()
    ask('CONFIG SET latency-monitor-threshold 7 latency-tracking no')
    expect(engine.latency.thresholdUs).toBe(7000)
    expect(engine.stopwatch.tracking).toBe(false)
  })
})

test('a new engine begins with its settings in force', () => {
  const { engine } = testEngine({
    config: { 'slowlog-log-slower-than': '1234', 'maxmemory-policy': 'allkeys-lfu' },
  })
  expect(engine.slowLog.thresholdUs).toBe(1234)
  expect(engine.keyspace.access.lfu).toBe(true)
})

function worldOf() {
  const world = testEngine()
  return { engine: world.engine, ask: world.ask.bind(world) }
}
