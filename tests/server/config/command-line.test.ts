import { describe, expect, test } from 'vitest'
import { joinConfig, readCommandLine } from '../../../server/config/command-line.js'
import { Config } from '../../../server/config/config.js'
import { ConfigFileError } from '../../../server/config/file.js'

const options = (...args: string[]) => readCommandLine(args).options

/** The settings that `args` lead to, or the report of the error. */
function start(...args: string[]): Config | string {
  const config = new Config()
  config.onStatement('user', () => null)
  try {
    config.load(joinConfig('save 900 1\n', '', readCommandLine(args).options), () => [])
    return config
  } catch (error) {
    if (error instanceof ConfigFileError) return error.report('7.4.2')
    throw error
  }
}

function settings(names: string[], ...args: string[]): Record<string, string> | string {
  const config = start(...args)
  return config instanceof Config ? Object.fromEntries(config.get(names)) : config
}

describe('the file', () => {
  test('it is the first argument, unless that begins with a dash', () => {
    expect(readCommandLine(['redis.conf', '--port', '1']).file).toBe('redis.conf')
    expect(readCommandLine(['--port', '1']).file).toBeNull()
    expect(readCommandLine([]).file).toBeNull()
  })

  test('a lone dash, first or last, is standard input', () => {
    expect(readCommandLine(['-']).fromStdin).toBe(true)
    expect(readCommandLine(['redis.conf', '--port', '1', '-']).fromStdin).toBe(true)
    expect(readCommandLine(['--bind', '-', '--port', '1'])).toEqual({
      file: null,
      fromStdin: false,
      options: 'bind "-" \nport "1" ',
    })
  })

  test('the options come after the file and standard input, on lines of their own', () => {
    expect(joinConfig('hz 1', 'hz 2', 'hz 3')).toBe('hz 1hz 2\nhz 3')
    expect(joinConfig('hz 1', '', '')).toBe('hz 1')
  })
})

describe('options become lines', () => {
  test.each([
    [['--port', '6380'], 'port "6380" '],
    [['--port', '6379', '6380'], 'port "6379" "6380" '],
    [['--maxmemory 700mb', '--hz 1'], 'maxmemory 700mb \nhz 1 '],
    [['loglevel', 'verbose', '--hz', '1'], '"verbose" \nhz "1" '],
    [['--logfile', '--my--log', '--hz', '1'], 'logfile "--my--log" \nhz "1" '],
    [['--save', '--hz', '1'], 'save ""\nhz "1" '],
    [['--hz', '1', '--save'], 'hz "1" \nsave ""'],
    [['--save', '', '--hz', '1'], 'save "" \nhz "1" '],
    [['--sentinel', '--hz', '1'], 'sentinel \nhz "1" '],
    [['--sentinel'], 'sentinel '],
    [['--requirepass', 'a "b"\xff'], 'requirepass "a \\"b\\"\\xff" '],
  ])('%j', (args, lines) => {
    const given = args[0] === 'loglevel' ? args.slice(1) : args
    if (given !== args) expect(readCommandLine(args).file).toBe('loglevel')
    expect(options(...args)).toBe(lines)
  })

  test('words before any directive are a line of their own after a file', () => {
    expect(readCommandLine(['default.conf', 'loglevel', 'verbose', '--hz', '1'])).toEqual({
      file: 'default.conf',
      fromStdin: false,
      options: '"loglevel" "verbose" \nhz "1" ',
    })
  })
})

describe('what the Redis suite asks of the command line', () => {
  test.each([
    [['--port'], "'port'", 'wrong number of arguments'],
    [['--port', '6380', '--loglevel'], "'loglevel'", 'wrong number of arguments'],
    [['--port', '6379', '6380'], `'port "6379" "6380"'`, 'wrong number of arguments'],
    [['--port', '--loglevel', 'verbose'], `'port "--loglevel" "verbose"'`, 'wrong number of arguments'],
    [
      ['--port', '--bla', '--loglevel', 'verbose'],
      `'port "--bla"'`,
      "argument couldn't be parsed into an integer",
    ],
    [
      ['--logfile', '--my--log--file', '--loglevel', '--bla'],
      `'loglevel "--bla"'`,
      'argument(s) must be one of the following',
    ],
    [['--shutdown-on-sigint'], "'shutdown-on-sigint'", 'argument(s) must be one of the following'],
    [
      ['--shutdown-on-sigint', 'now force', '--shutdown-on-sigterm'],
      "'shutdown-on-sigterm'",
      'argument(s) must be one of',
    ],
    [['--replicaof', '127.0.0.1', 'abc'], `'replicaof "127.0.0.1" "abc"'`, 'Invalid master port'],
    [['--replicaof', '--127.0.0.1', 'abc'], `'replicaof "--127.0.0.1" "abc"'`, 'Invalid master port'],
    [['--replicaof', '--127.0.0.1', '--abc'], `'replicaof "--127.0.0.1"'`, 'wrong number of arguments'],
    [['--user', 'foo', '--user', 'foo'], `'user "foo"'`, 'Duplicate user found'],
  ])('%j is refused', (args, line, reason) => {
    const report = start(...args)
    expect(report).toContain(line)
    expect(report).toContain(reason)
  })

  test('name and value may share an argument', () => {
    const args = ['x.conf', 'loglevel', 'verbose', "--maxmemory '700mb'", '--maxmemory-policy volatile-lru']
    expect(settings(['loglevel', 'maxmemory', 'maxmemory-policy'], ...args)).toEqual({
      loglevel: 'verbose',
      maxmemory: '734003200',
      'maxmemory-policy': 'volatile-lru',
    })
  })

  test.each([
    [['--save', '100', '100'], '900 1 100 100'],
    [['--save', ''], ''],
    [['--save', '--loglevel', 'verbose'], ''],
    [['--loglevel', 'verbose', '--save'], ''],
    [['--proc-title-template', '--save', '--save', ''], ''],
  ])('%j after a file that says save 900 1', (args, save) => {
    expect(settings(['save'], ...args)).toEqual({ save })
  })

  test('many words may be one argument or many', () => {
    const args = ['--shutdown-on-sigint', 'nosave', 'force', 'now', '--shutdown-on-sigterm', 'nosave force']
    expect(settings(['shutdown*'], ...args)).toMatchObject({
      'shutdown-on-sigint': 'nosave now force',
      'shutdown-on-sigterm': 'nosave force',
    })
  })

  test('a value may begin with dashes', () => {
    const args = ['--proc-title-template', '--my--title--template', '--loglevel', 'verbose']
    expect(settings(['proc-title-template', 'loglevel'], ...args)).toEqual({
      'proc-title-template': '--my--title--template',
      loglevel: 'verbose',
    })
  })
})
