import { describe, expect, test } from 'vitest'
import { checks } from './checks.js'
import { cycles } from './cycles.js'
import { doors } from './doors.js'
import { layers } from './layers.js'
import { length, LINES_MAX } from './length.js'
import { live } from './live.js'
import { describeOffence, parse, type Rule } from './source.js'
import { state } from './state.js'
import { tested } from './tested.js'

/** The places a rule complains about, as `file:line`, for files given as path and text. */
function complaints(rule: Rule, files: Readonly<Record<string, string>>): string[] {
  const sources = Object.entries(files).map(([path, text]) => parse(path, text))
  return rule(sources).map(({ file, line }) => `${file}:${line}`)
}

/** The lines of one product file a rule complains about. */
function lines(rule: Rule, ...text: string[]): number[] {
  return rule([parse('server/data/sample.ts', text.join('\n'))]).map(({ line }) => line)
}

describe('layers', () => {
  test('an import downwards or within the room is fine', () => {
    const files = {
      'server/data/list.ts': "import { Dict } from '../memory/dict.js'\nimport { x } from './x.js'",
      'server/main.ts': "import { sentinel } from '../sentinel/part.js'\nimport { x } from './index.js'",
      'persistence/commands.ts': "import { command } from '../server/engine/command.js'",
    }
    expect(complaints(layers, files)).toEqual([])
  })

  test('an import upwards is not, in any form', () => {
    const files = {
      'server/lib/a.ts': "import { arena } from '../memory/arena.js'",
      'server/data/b.ts': "\nimport type { Database } from '../keyspace/database.js'",
      'server/net/c.ts': "export * from '../../persistence/part.js'",
      'replication/d.ts': "const d = await import('../sentinel/part.js')",
      'sentinel/e.ts': "type E = import('../server/main.js').Main",
    }
    expect(complaints(layers, files)).toEqual([
      'server/lib/a.ts:1',
      'server/data/b.ts:2',
      'server/net/c.ts:1',
      'replication/d.ts:1',
      'sentinel/e.ts:1',
    ])
  })

  test('what ships does not lean on tests or bench', () => {
    const files = {
      'server/main.ts': "import { load } from '../bench/load.js'",
      'bench/load.ts': "import { main } from '../server/main.js'",
    }
    expect(complaints(layers, files)).toEqual(['server/main.ts:1'])
  })

  test('a new room needs a place in the order', () => {
    expect(complaints(layers, { 'server/attic/box.ts': '' })).toEqual(['server/attic/box.ts:1'])
  })
})

describe('cycles', () => {
  test('a cycle is told once, where it closes', () => {
    const files = {
      'server/data/a.ts': "import './b.js'",
      'server/data/b.ts': "import './c.js'",
      'server/data/c.ts': "\nimport { a } from './a.js'",
    }
    expect(complaints(cycles, files)).toEqual(['server/data/c.ts:2'])
  })

  test('an import of types alone closes no cycle', () => {
    const files = {
      'server/data/a.ts': "import './b.js'",
      'server/data/b.ts': "import type { A } from './a.js'\nimport { type B } from './a.js'",
    }
    expect(complaints(cycles, files)).toEqual([])
  })

  test('two ways to the same file are no cycle', () => {
    const files = {
      'server/data/a.ts': "import './b.js'\nimport './c.js'",
      'server/data/b.ts': "import './c.js'",
      'server/data/c.ts': "import 'pino'",
    }
    expect(complaints(cycles, files)).toEqual([])
  })

  test('the whole way round is in the message', () => {
    const sources = [
      parse('server/data/a.ts', "import './b.js'"),
      parse('server/data/b.ts', "import './a.js'"),
    ]
    expect(cycles(sources)[0].offence).toContain('server/data/a.ts -> server/data/b.ts -> server/data/a.ts')
  })
})

describe('doors', () => {
  test('modules that reach the world are for server/lib', () => {
    expect(lines(doors, "import fs from 'node:fs'", "import type { Socket } from 'node:net'")).toEqual([1, 2])
    expect(lines(doors, "export { setTimeout } from 'node:timers/promises'")).toEqual([1])
    expect(complaints(doors, { 'server/lib/disk.ts': "import fs from 'node:fs'\nDate.now()" })).toEqual([])
  })

  test('of node:crypto only the randomness is', () => {
    expect(lines(doors, "import { createHash } from 'node:crypto'")).toEqual([])
    expect(lines(doors, "import { createHash, randomBytes as noise } from 'node:crypto'")).toEqual([1])
    expect(lines(doors, "import * as crypto from 'node:crypto'", 'crypto.randomUUID()')).toEqual([2])
  })

  test('clocks, timers and dice are', () => {
    const text = [
      'Date.now()',
      'const now = Date.now',
      'performance.now()',
      'process.hrtime.bigint()',
      'new Date()',
      'setTimeout(f, 1)',
      'globalThis.setInterval(f, 1)',
      'const world = { setImmediate }',
      'Math.random()',
    ]
    expect(lines(doors, ...text)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('names of our own that sound alike are not, nor are words in comments and strings', () => {
    const text = [
      'interface Clock { setTimeout(f: () => void): number }',
      'clock.setTimeout(f)',
      'const fake = { setTimeout: f }',
      '// Date.now() would jump',
      "const text = 'Math.random()'",
      'new Date(ms)',
    ]
    expect(lines(doors, ...text)).toEqual([])
  })

  test('tests and bench may look at the real clock', () => {
    expect(
      complaints(doors, { 'bench/run.ts': 'performance.now()', 'tests/a.test.ts': 'Date.now()' }),
    ).toEqual([])
  })
})

describe('length', () => {
  const longFile = parse('server/data/long.ts', '\n'.repeat(LINES_MAX + 1))

  test('the limit itself is allowed, a line more is not', () => {
    expect(length([parse('server/data/full.ts', '\n'.repeat(LINES_MAX))])).toEqual([])
    expect(length([longFile], {})).toHaveLength(1)
  })

  test('an exception excuses its file, and only as long as it is needed', () => {
    const exceptions = { 'server/data/long.ts': 'a table of 500 rows' }
    expect(length([longFile], exceptions)).toEqual([])
    expect(length([], exceptions)).toHaveLength(1)
  })
})

describe('checks', () => {
  test('any is found as a type, not as a word', () => {
    expect(lines(checks, 'let a: any', 'f(a as any)', 'const m = new Map<string, any>()')).toEqual([1, 2, 3])
    expect(lines(checks, '// any key', "const any = 'any'", 'type T = unknown')).toEqual([])
  })

  test('comments that silence the compiler are found, strings that mention them are not', () => {
    expect(lines(checks, '// @ts-ignore', 'f()', '/* @ts-expect-error */ g()')).toEqual([1, 3])
    expect(lines(checks, '/** @ts-nocheck */', 'f()', '// the end, @ts-ignore')).toEqual([1, 3])
    expect(lines(checks, "const text = '// @ts-ignore'", 'const more = `// @ts-ignore`')).toEqual([])
  })
})

describe('state', () => {
  test('what can change at module level is found', () => {
    const text = [
      'let count = 0',
      'export let name: string',
      'const cache = new Map<string, number>()',
      'class A {',
      '  static made = 0',
      '}',
    ]
    expect(lines(state, ...text)).toEqual([1, 2, 3, 5])
  })

  test('constants are left alone, and so is what lives in a function or an object', () => {
    const text = [
      'const LIMIT = 1',
      "const NAMES = new Set(['a'])",
      'const NONE: ReadonlySet<string> = new Set()',
      'const CRC = new Uint32Array(256)',
      'function f() { let i = 0; return i }',
      'class A { static readonly ZERO = 0; count = 0; static make() { return new A() } }',
    ]
    expect(lines(state, ...text)).toEqual([])
  })
})

describe('tested', () => {
  const table = { 'server/commands/strings.ts': "command('GET', {})\ncommand(\n  'GETDEL',\n  {})" }

  test('a command needs its name in a test', () => {
    expect(complaints(tested, table)).toEqual([
      'server/commands/strings.ts:1',
      'server/commands/strings.ts:2',
    ])
  })

  test('a session counts like a test, other files do not', () => {
    const files = {
      ...table,
      'tests/sessions/strings.ts': "['GET k', null]",
      'tests/support/notes.ts': 'GETDEL',
      'tests/tidy/rules.test.ts': 'GETDEL',
    }
    expect(complaints(tested, files)).toEqual(['server/commands/strings.ts:2'])
  })

  test('part of another name is not the name', () => {
    const test = { 'tests/a.test.ts': "['GETDEL k.', 'RE-GET', 'get', 'GETs']" }
    expect(complaints(tested, { ...table, ...test })).toEqual(['server/commands/strings.ts:1'])
  })

  test('a table in which no command is recognised is not taken for an empty one', () => {
    const files = { 'server/commands/strings.ts': "row({ name: 'GET' })", 'server/commands/table.ts': '' }
    expect(complaints(tested, files)).toEqual(['server/commands/strings.ts:1'])
    expect(complaints(tested, {})).toEqual([])
  })

  test('a subcommand counts under its container', () => {
    const files = {
      'persistence/commands.ts': "command('CONFIG', [subcommand('RESETSTAT', {})])",
      'tests/a.test.ts': 'CONFIG GET',
    }
    expect(complaints(tested, files)).toEqual([])
  })
})

describe('live', () => {
  const servers = {
    'server/server.ts': '',
    'server/index.ts': "import { Server } from './server.js'",
    'tests/support/ours.ts': "import { startServer } from '../../server/index.js'",
  }

  test('who starts a server, however indirectly, is called live', () => {
    const files = {
      ...servers,
      'tests/a.test.ts': "import { startOurs } from './support/ours.js'",
      'tests/b.live.test.ts': "import { startOurs } from './support/ours.js'",
      'tests/c.test.ts': "import { Program } from './support/program.js'",
      'tests/crash/d.test.ts': "import { startServer } from '../../server/index.js'",
    }
    expect(complaints(live, files)).toEqual(['tests/a.test.ts:1', 'tests/c.test.ts:1'])
  })

  test('who starts none is not', () => {
    const files = {
      ...servers,
      'tests/a.live.test.ts': "import { Engine } from '../server/engine/engine.js'",
      'tests/b.test.ts': "import type { RunningServer } from '../server/index.js'",
    }
    expect(complaints(live, files)).toEqual(['tests/a.live.test.ts:1'])
  })
})

test('an offence names its place, what is wrong and what to do', () => {
  const offence = { file: 'server/a.ts', line: 3, offence: 'uses Date.now', remedy: 'ask the clock' }
  expect(describeOffence(offence)).toBe('server/a.ts:3: uses Date.now\n    remedy: ask the clock')
})
