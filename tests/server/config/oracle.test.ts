import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { joinConfig, readCommandLine } from '../../../server/config/command-line.js'
import { Config } from '../../../server/config/config.js'
import { directives } from '../../../server/config/directives.js'
import { ConfigFileError } from '../../../server/config/file.js'
import { describeWithOracle, findOracle, startOracle, type Oracle } from '../../support/oracle.js'
import { anySetting } from './any-setting.js'

const anybody = { loading: false, maySetProtected: true }

/** What the oracle is started with, or finds out for itself. */
const OF_THE_START = [
  'bind',
  'daemonize',
  'dir',
  'enable-protected-configs',
  'logfile',
  'pidfile',
  'port',
  'save',
  'unixsocket',
]

/** Where this server means to differ, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'maxmemory-policy': 'the error names the lrm policies of 8.6 as well',
  loglevel: 'the error names `nothing` of 7.2 as well',
  'notify-keyspace-events': 'the error names the letters of 8.x as well',
  'repl-diskless-load': 'the error names `flushdb` of 8.6 as well',
}

type Pairs = Record<string, string>

async function ask(redis: Redis, ...words: string[]): Promise<string> {
  try {
    return String(await redis.call(words[0], ...words.slice(1)))
  } catch (error) {
    return (error as Error).message
  }
}

async function getAll(redis: Redis): Promise<Pairs> {
  const bytes = (await redis.callBuffer('CONFIG', 'GET', '*')) as Buffer[]
  const flat = bytes.map(word => word.toString('latin1'))
  const pairs: Pairs = {}
  for (let i = 0; i < flat.length; i += 2) pairs[flat[i]] = flat[i + 1]
  return pairs
}

describeWithOracle('the configuration of redis-server 7.0', () => {
  let oracle: Oracle
  let redis: Redis

  beforeAll(async () => {
    oracle = await startOracle(['--enable-protected-configs', 'yes'])
    redis = new Redis({ port: oracle.port, protocol: 2 })
  })

  afterAll(async () => {
    redis.disconnect()
    await oracle.stop()
  })

  test('has the same defaults, under the same names and aliases', async () => {
    const theirs = Object.entries(await getAll(redis)).filter(([name]) => !OF_THE_START.includes(name))
    expect(Object.fromEntries(new Config().get(['*']))).toMatchObject(Object.fromEntries(theirs))
  })

  test.each([
    ['nothing', 'x'],
    ['DAEMONIZE', 'yes'],
    ['slaveof', 'h 1'],
    ['Port', 'x'],
    ['port', '65536'],
    ['port', '-1'],
    ['timeout', '+1'],
    ['timeout', '01'],
    ['timeout', '9223372036854775808'],
    ['tcp-keepalive', '2147483648'],
    ['maxclients', '0'],
    ['slowlog-max-len', '-1'],
    ['busy-reply-threshold', '-1'],
    ['lua-time-limit', '-1'],
    ['slowlog-log-slower-than', '-2'],
    ['hz', '-1'],
    ['active-expire-effort', '11'],
    ['active-defrag-cycle-min', '0'],
    ['active-defrag-cycle-max', '100'],
    ['active-defrag-threshold-lower', '1001'],
    ['maxmemory-eviction-tenacity', '101'],
    ['maxmemory-samples', '0'],
    ['repl-timeout', '0'],
    ['repl-ping-slave-period', '0'],
    ['repl-backlog-size', '0'],
    ['repl-backlog-ttl', '-1'],
    ['client-query-buffer-limit', '1mb1'],
    ['client-query-buffer-limit', '1k'],
    ['proto-max-bulk-len', '1000'],
    ['maxmemory', '1tb'],
    ['maxmemory', '-1'],
    ['maxmemory-clients', '101%'],
    ['maxmemory-clients', '-1%'],
    ['maxmemory-clients', 'x'],
    ['loading-process-events-interval-bytes', '1'],
    ['stream-node-max-entries', '-1'],
    ['hash-max-ziplist-entries', '-1'],
    ['list-max-ziplist-size', 'x'],
    ['tracking-table-max-keys', '-1'],
    ['acllog-max-len', '-1'],
    ['replica-announce-port', '70000'],
    ['appendonly', 'maybe'],
    ['activedefrag', 'yes'],
    ['appendfsync', 'sometimes'],
    ['oom-score-adj', 'x'],
    ['sanitize-dump-payload', 'x'],
    ['acl-pubsub-default', 'x'],
    ['propagation-error-behavior', 'x'],
    ['cluster-preferred-endpoint-type', 'x'],
    ['tls-auth-clients', 'x'],
    ['tls-session-cache-size', '-1'],
    ['shutdown-on-sigint', 'save nosave'],
    ['shutdown-on-sigint', ''],
    ['shutdown-on-sigterm', 'x'],
    ['save', '1'],
    ['save', '0 1'],
    ['save', '1 -1'],
    ['save', '60  1'],
    ['client-output-buffer-limit', 'normal'],
    ['client-output-buffer-limit', 'master 1 1 1'],
    ['client-output-buffer-limit', 'normal 1 1 -1'],
    ['client-output-buffer-limit', 'normal 1x 1 1'],
    ['oom-score-adj-values', '1 2'],
    ['oom-score-adj-values', '1 2 2001'],
    ['latency-tracking-info-percentiles', 'x'],
    ['latency-tracking-info-percentiles', '50 101'],
    ['bind', Array(17).fill('127.0.0.1').join(' ')],
    ['dbfilename', 'a/b'],
    ['cluster-announce-hostname', 'a_b'],
    ['cluster-announce-hostname', 'a'.repeat(256)],
    ['proc-title-template', '{title}'],
    ['proc-title-template', '{x}'],
  ])('refuses %s %j in the same words', async (name, value) => {
    const theirs = await ask(redis, 'CONFIG', 'SET', name, value)
    expect(theirs).toMatch(/^ERR /)
    expect(new Config().set([[name, value]], anybody)).toBe(theirs)
  })

  test.each(Object.keys(DIFFERENCES))('refuses a bad %s in words of its own', async name => {
    const theirs = await ask(redis, 'CONFIG', 'SET', name, '?')
    const ours = new Config().set([[name, '?']], anybody)
    expect(ours).not.toBe(theirs)
    expect(ours?.slice(0, 100)).toBe(theirs.slice(0, 100))
  })

  test.each<[string, string]>([
    ['maxmemory', '1Kb'],
    ['maxmemory', ''],
    ['maxmemory', 'mb'],
    ['maxmemory-clients', '0%'],
    ['maxmemory-clients', '7%'],
    ['hz', '0'],
    ['hz', '1000'],
    ['repl-backlog-size', '100'],
    ['oom-score-adj-values', '10 -20 +30'],
    ['notify-keyspace-events', 'EKg$lshzxetd'],
    ['notify-keyspace-events', 'mnEK$'],
    ['latency-tracking-info-percentiles', '99.90 1e1 0.0000001 100'],
    ['latency-tracking-info-percentiles', ''],
    ['shutdown-on-sigint', 'force NOW default'],
    ['client-output-buffer-limit', 'replica 1kb 2k 3'],
    ['save', ''],
    ['save', '3600 0 5 5'],
    ['cluster-announce-hostname', 'a.b-c'],
    ['masterauth', 'a "b"\\'],
    ['slave-priority', '5'],
    ['dbfilename', ''],
  ])('takes %s %j and shows the same', async (name, value) => {
    const config = new Config()
    expect(await ask(redis, 'CONFIG', 'SET', name, value)).toBe('OK')
    expect(config.set([[name, value]], anybody)).toBeNull()
    expect(config.get([name]).join()).toBe(await ask(redis, 'CONFIG', 'GET', name))
  })

  test.each([
    ['hz 1 hz 2'],
    ['hz 1 HZ 2'],
    ['nothing 1 daemonize yes'],
    ['daemonize yes nothing 1'],
    ['hz 1 maxmemory-clients 200% client-query-buffer-limit invalid'],
    ['maxmemory 5 slave-priority x'],
  ])('refuses several, %s, by the same one', async words => {
    const pairs = words.match(/\S+ \S+/g)!.map(pair => pair.split(' ') as [string, string])
    const theirs = await ask(redis, 'CONFIG', 'SET', ...words.split(' '))
    expect(new Config().set(pairs, anybody)).toBe(theirs)
  })

  test.each([
    ['MAXMEMORY'],
    ['maxmemory MaxMemory'],
    ['*OF'],
    ['nothing'],
    ['hash-max-zip* hash-max-ziplist-value'],
    ['key-load-delay'],
  ])('finds the same for %s', async words => {
    const theirs = (await redis.call('CONFIG', 'GET', ...words.split(' '))) as string[]
    const names = (flat: string[]) => flat.filter((_, i) => i % 2 === 0).sort()
    expect(
      new Config()
        .get(words.split(' '))
        .map(([name]) => name)
        .sort(),
    ).toEqual(names(theirs))
  })

  test.each([
    [['--port']],
    [['--port', '6379', '6380']],
    [['--port', '--bla', '--loglevel', 'verbose']],
    [['--hz', '1', '--replicaof', '127.0.0.1', 'abc']],
    [['--replicaof', '--127.0.0.1', '--abc']],
    [['--shutdown-on-sigint', 'now force', '--shutdown-on-sigterm']],
    [['--user', 'foo', '--user', 'foo']],
    [['--nothing', 'x']],
    [['--unixsocketperm', '999']],
    [['--unixsocketperm', '1000']],
    [['--appendfilename', '']],
    [['--appenddirname', 'a/b']],
    [['--databases', '0']],
    [['--io-threads', '129']],
    [['--hz', '1', '--cluster-enabled', 'yes', '--replicaof', 'h', '1']],
    [['--sentinel monitor x', '--hz', '1']],
    [['--rename-command', 'x']],
    [['--requirepass "x']],
  ])('does not start with %j, for the same reason', args => {
    const theirs = spawnSync(findOracle()!, args, { timeout: 5000 }).stderr.toString('latin1')
    expect(theirs).toContain('FATAL CONFIG FILE ERROR')
    expect(reportOf(args)).toBe(theirs.replace(/Redis 7\.0\.\d+/, 'Redis 7.4.2'))
  })

  test('loads what this server rewrites, with equal values', async () => {
    const known = await getAll(redis)
    const usable = directives.filter(
      ({ name, effect }) => name in known && !RISKY.test(name) && effect !== 'accepted',
    )
    const settings = usable.map(row => fc.tuple(fc.constant(row.name), anySetting(row)))
    const folder = mkdtempSync(join(tmpdir(), 'redstart-config-'))
    try {
      for (const values of fc.sample(fc.tuple(...settings), { seed: 11, numRuns: 3 })) {
        const config = new Config({ directory: folder })
        expect(config.set(values, anybody)).toBeNull()
        const [theirs, ours] = await bothAfter(
          config,
          usable.map(row => row.name),
          join(folder, 'redis.conf'),
        )
        expect(theirs).toEqual(ours)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** Directives on which a start depends, that CONFIG SET cannot change, or that have newer values here. */
const RISKY = new RegExp(
  '^(tls-.*|bind|port|dir|unixsocket.*|logfile|pidfile|daemonize|supervised|loglevel|repl-diskless-load|databases|tcp-backlog|appendonly|' +
    'append.*name|aclfile|enable-.*|cluster-.*|replicaof|rdbchecksum|requirepass|maxclients|timeout|' +
    'client-query-buffer-limit|client-output-buffer-limit|maxmemory.*|notify-keyspace-events)$',
)

/** What the oracle shows after loading what `config` rewrites, and what `config` shows. */
async function bothAfter(config: Config, names: string[], path: string): Promise<[Pairs, Pairs]> {
  const text = config.rewrite('')
  writeFileSync(path, text.replace(/^(dir|maxclients) .*\n/gm, ''), 'latin1')
  const oracle = await startOracle(['--include', path])
  const redis = new Redis({ port: oracle.port, protocol: 2 })
  try {
    const all = Object.entries(await getAll(redis)).filter(([name]) => names.includes(name))
    return [Object.fromEntries(all.sort()), Object.fromEntries(config.get(names).sort())]
  } finally {
    redis.disconnect()
    await oracle.stop()
  }
}

function reportOf(args: string[]): string {
  const config = new Config()
  config.onStatement('user', () => null)
  try {
    config.load(joinConfig('', '', readCommandLine(args).options), () => [])
    return ''
  } catch (error) {
    if (error instanceof ConfigFileError) return error.report('7.4.2')
    throw error
  }
}
