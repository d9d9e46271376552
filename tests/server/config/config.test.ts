import { describe, expect, test } from 'vitest'
import { Config, type Asker } from '../../../server/config/config.js'
import { directives, names } from '../../../server/config/directives.js'
import { ConfigFileError } from '../../../server/config/file.js'

const anybody: Asker = { loading: false, maySetProtected: true }

const set = (config: Config, pairs: Record<string, string>, asker = anybody) =>
  config.set(Object.entries(pairs), asker)
const get = (config: Config, ...patterns: string[]) => Object.fromEntries(config.get(patterns))

function loaded(text: string, config = new Config()): Config {
  config.load(text, () => [])
  return config
}

describe('the table', () => {
  test('no name is used twice, and no property', () => {
    const spelled = directives.flatMap(row => [row.name, ...row.aliases])
    expect(new Set(spelled).size).toBe(spelled.length)
    expect(new Set([...names.values()].map(named => named.property)).size).toBe(directives.length)
  })

  test('every default is read back from its own line', () => {
    for (const { name, kind, default: value } of directives) {
      if (kind.print(value) === '') continue
      const config = new Config()
      loaded(
        kind
          .lines(value)
          .map(line => `${name} ${line}`)
          .join('\n'),
        config,
      )
      expect(get(config, name)).toEqual({ [name]: kind.print(value) })
    }
  })

  test('every row says in a sentence what it does', () => {
    for (const { does } of directives) expect(does).toMatch(/^[A-Z].*\.$/)
  })
})

describe('values', () => {
  test('they are properties with types of their own', () => {
    const { values } = loaded('maxmemory 1gb\nmaxmemory-policy allkeys-lru\nreplicaof h 1\nslowlog-max-len 5')
    const policy: 'noeviction' | 'allkeys-lru' | undefined =
      values.maxmemoryPolicy === 'allkeys-lru' ? values.maxmemoryPolicy : undefined
    expect([values.maxmemory, policy, values.replicaof?.port, values.slowlogMaxLen]).toEqual([
      1024 ** 3,
      'allkeys-lru',
      1,
      5,
    ])
  })

  test('two configs share nothing', () => {
    const one = new Config({ directory: '/one' })
    const two = new Config({ directory: '/two' })
    set(one, { hz: '20', dir: 'deeper' })
    expect([one.values.dir, one.values.hz, two.values.dir, two.values.hz]).toEqual([
      '/one/deeper',
      20,
      '/two',
      10,
    ])
  })

  test('the server may replace one that cannot be set', () => {
    const config = new Config()
    config.replace('replicaof', { host: 'h', port: 1 })
    expect(get(config, 'slaveof')).toEqual({ slaveof: 'h 1' })
  })
})

describe('CONFIG GET', () => {
  const config = new Config()

  test('a pattern finds names and aliases, in any case', () => {
    expect(Object.keys(get(config, '*OF'))).toEqual(['replicaof', 'slaveof'])
  })

  test('several patterns give each name once', () => {
    const found = config.get(['maxmemory', 'maxmemory*', 'bind', 'MaxMemory', '*of'])
    expect(new Set(found.map(([name]) => name)).size).toBe(found.length)
    expect(found[0]).toEqual(['maxmemory', '0'])
  })

  test('a full name comes back as it was spelled', () => {
    expect(config.get(['MaxMemory'])).toEqual([['MaxMemory', '0']])
  })

  test('an unknown name is no error', () => {
    expect(config.get(['nothing', 'x*y'])).toEqual([])
  })

  test('hidden directives show only under their full name', () => {
    expect(get(config, '*')).not.toHaveProperty('key-load-delay')
    expect(get(config, 'key-load-delay')).toEqual({ 'key-load-delay': '0' })
  })
})

describe('CONFIG SET', () => {
  test('sets all that is asked', () => {
    const config = new Config()
    expect(set(config, { maxmemory: '10mb', save: '3000 5', 'slave-priority': '7' })).toBeNull()
    expect(get(config, 'maxmemory', 'save', 'replica-priority')).toEqual({
      maxmemory: '10485760',
      save: '3000 5',
      'replica-priority': '7',
    })
  })

  test.each<[Record<string, string>, string]>([
    [{ nothing: 'x' }, "ERR Unknown option or number of arguments for CONFIG SET - 'nothing'"],
    [
      { DAEMONIZE: 'yes' },
      "ERR CONFIG SET failed (possibly related to argument 'DAEMONIZE') - can't set immutable config",
    ],
    [{ hz: '1', Hz: '2' }, "ERR CONFIG SET failed (possibly related to argument 'Hz') - duplicate parameter"],
    [
      { PORT: 'x' },
      "ERR CONFIG SET failed (possibly related to argument 'port') - argument couldn't be parsed into an integer",
    ],
    [
      { hz: '1', daemonize: 'no', nothing: '1' },
      "ERR CONFIG SET failed (possibly related to argument 'daemonize') - can't set immutable config",
    ],
    [
      { 'shutdown-on-sigint': 'save nosave' },
      "ERR CONFIG SET failed (possibly related to argument 'shutdown-on-sigint') - shutdown options SAVE and NOSAVE can't be used simultaneously",
    ],
  ])('%j is refused', (pairs, error) => {
    expect(set(new Config(), pairs)).toBe(error)
  })

  test('protected directives need permission', () => {
    const config = new Config()
    expect(set(config, { dir: '/tmp' }, { ...anybody, maySetProtected: false })).toBe(
      "ERR CONFIG SET failed (possibly related to argument 'dir') - can't set protected config",
    )
    expect(set(config, { dir: '/tmp' })).toBeNull()
  })

  test('some wait for the dataset', () => {
    const config = new Config()
    const loading = { ...anybody, loading: true }
    expect(set(config, { loglevel: 'debug' }, loading)).toBeNull()
    expect(set(config, { hz: '20', dir: '/tmp' }, loading)).toBe(
      'LOADING Redis is loading the dataset in memory',
    )
    expect(config.values.hz).toBe(10)
  })

  test('a bad value puts back what was set before it', () => {
    const config = new Config()
    set(config, { maxmemory: '10000002' })
    const pairs = {
      maxmemory: '10000001',
      'maxmemory-clients': '200%',
      'client-query-buffer-limit': 'invalid',
    }
    expect(set(config, pairs)).toBe(
      "ERR CONFIG SET failed (possibly related to argument 'maxmemory-clients') - percentage argument must be less or equal to 100",
    )
    expect(config.values.maxmemory).toBe(10000002)
  })

  test('an alias and its name together are put back together', () => {
    const config = new Config()
    set(config, { 'slave-priority': '1', 'replica-priority': '2', hz: 'x' })
    expect(config.values.replicaPriority).toBe(100)
  })
})

describe('hooks', () => {
  test('they see every value that was set with theirs', () => {
    const config = new Config()
    const heard: unknown[] = []
    config.onChange('port', (port, before) => {
      heard.push([port, before, config.values.hz])
      return null
    })
    set(config, { port: '1', hz: '20' })
    expect(heard).toEqual([[1, 6379, 20]])
  })

  test('an equal value is no change, unless the directive names a file', () => {
    const config = new Config()
    let calls = 0
    const count = () => (calls++, null)
    config.onAnyChange(['port', 'tls-cert-file'], count)
    set(config, { port: '6379' })
    expect(calls).toBe(0)
    set(config, { 'tls-cert-file': '' })
    expect(calls).toBe(1)
  })

  test('one for several directives is called once', () => {
    const config = new Config()
    let calls = 0
    config.onAnyChange(['min-replicas-to-write', 'min-replicas-max-lag'], () => (calls++, null))
    set(config, { 'min-slaves-to-write': '1', 'min-slaves-max-lag': '1' })
    expect(calls).toBe(1)
  })

  test('when one objects, values and hooks go back', () => {
    const config = new Config()
    const heard: number[] = []
    config.onChange('hz', hz => (heard.push(hz), null))
    config.onChange('port', port =>
      port === 80 ? 'Unable to listen on this port. Check server logs.' : null,
    )
    expect(set(config, { maxmemory: '1', hz: '20', port: '80', timeout: '5' })).toBe(
      "ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this port. Check server logs.",
    )
    expect(get(config, 'maxmemory', 'hz', 'port', 'timeout')).toEqual({
      maxmemory: '0',
      hz: '10',
      port: '6379',
      timeout: '0',
    })
    expect(heard).toEqual([20, 10])
  })

  test('one that objects to going back is reported', () => {
    const warnings: string[] = []
    const config = new Config({ warn: text => warnings.push(text) })
    config.onChange('port', () => 'never')
    set(config, { port: '80' })
    expect(warnings).toEqual(["Failed restoring 'port' after a failed CONFIG SET: never"])
  })
})

describe('loading a file', () => {
  const reason = (text: string, config = new Config()) => {
    try {
      return loaded(text, config) && null
    } catch (error) {
      return error instanceof ConfigFileError ? error.reason : String(error)
    }
  }

  test('the later line wins, under either name', () => {
    expect(
      loaded('hash-max-listpack-entries 20\nhash-max-ziplist-entries 21').values.hashMaxListpackEntries,
    ).toBe(21)
  })

  test('immutable directives can be set here, and hooks are not called', () => {
    const config = new Config()
    config.onChange('hz', () => 'not now')
    expect(loaded('daemonize yes\nhz 20', config).values).toMatchObject({ daemonize: true, hz: 20 })
  })

  test('the directory is changed at once, for later lines depend on it', () => {
    const config = new Config({ directory: '/srv' })
    config.onChange('dir', dir => (dir === '/srv/data' ? null : 'No such file or directory'))
    config.load('dir ./data\ninclude more', () => [
      { path: '/srv/data/more', text: `requirepass ${config.values.dir}` },
    ])
    expect(config.values.requirepass).toBe('/srv/data')
    expect(reason('dir /gone', config)).toBe('No such file or directory')
  })

  test('save lines add up, and only the first replaces the default', () => {
    expect(get(loaded('save 900 1\nsave 300 10\n'), 'save')).toEqual({ save: '900 1 300 10' })
    expect(get(loaded('save 900 1\nsave ""'), 'save')).toEqual({ save: '' })
    expect(get(loaded('hz 10'), 'save')).toEqual({ save: '3600 1 300 100 60 10000' })
  })

  test.each([
    ['nothing here', 'Bad directive or wrong number of arguments'],
    ['include', 'Bad directive or wrong number of arguments'],
    ['rename-command a', 'Bad directive or wrong number of arguments'],
    ['port', 'wrong number of arguments'],
    ['port 1 2', 'wrong number of arguments'],
    ['save "1', 'Unbalanced quotes in configuration line'],
    ['sentinel monitor m 127.0.0.1 1 1', 'sentinel directive while not in sentinel mode'],
    ['cluster-enabled yes\nreplicaof h 1', 'replicaof directive not allowed in cluster mode'],
    ['lua-replicate-commands', 'Bad directive or wrong number of arguments'],
    ['module.setting 1', 'No module is loaded that has this setting'],
  ])('%j is refused', (text, why) => {
    expect(reason(text)).toBe(why)
  })

  test('directives of old are passed over', () => {
    expect(reason('lua-replicate-commands yes\nlist-max-ziplist-value 64\nsentinel')).toBeNull()
  })

  test('statements go to whom they concern, who may object', () => {
    const config = new Config()
    const heard: string[][] = []
    config.onStatement(
      'rename-command',
      args => (heard.push([...args]), args[0] === 'x' ? 'No such command in rename-command' : null),
    )
    expect(reason('rename-command flushdb ""', config)).toBeNull()
    expect(reason('Rename-Command x y', config)).toBe('No such command in rename-command')
    expect(heard).toEqual([
      ['flushdb', ''],
      ['x', 'y'],
    ])
  })

  test('a user can be declared once', () => {
    const config = new Config()
    config.onStatement('user', () => null)
    expect(reason('user a on\nuser b on', config)).toBeNull()
    expect(reason('user a on\nuser a off', config)).toBe(
      "Error in user declaration 'a': Duplicate user found. A user can only be defined once in config files",
    )
  })
})

test('a directive without effect is told of when it asks for something', () => {
  const config = new Config()
  expect(config.ineffective).toEqual([])
  config.load('tls-port 6380\nactivedefrag no\nport 7000\n', () => [])
  expect(config.ineffective).toEqual(['tls-port'])
})
