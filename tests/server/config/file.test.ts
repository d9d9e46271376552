import { describe, expect, test } from 'vitest'
import {
  ConfigFileError,
  linesOf,
  readConfig,
  type ConfigLine,
  type IncludedFile,
} from '../../../server/config/file.js'

const none = () => []

/** All lines of a text and what it includes; `files` holds them by pattern. */
function read(text: string, files: Record<string, IncludedFile[]> = {}): string[][] {
  const taken: string[][] = []
  readConfig(
    text,
    pattern =>
      files[pattern] ?? `Fatal error, can't open config file '${pattern}': No such file or directory`,
    line => {
      taken.push([...line.words])
      return null
    },
  )
  return taken
}

function failure(act: () => void): ConfigFileError {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigFileError) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('lines', () => {
  test('comments and blank lines say nothing and are counted', () => {
    const lines = [...linesOf('# a comment\n\n  port 6379\t\r\n   # indented\n""\nhz 10')]
    expect(lines).toEqual<ConfigLine[]>([
      { number: 3, text: 'port 6379', words: ['port', '6379'] },
      { number: 5, text: '""', words: [''] },
      { number: 6, text: 'hz 10', words: ['hz', '10'] },
    ])
  })

  test('the directive is lower-cased, its words are not', () => {
    expect(read('RequirePass SeCret')).toEqual([['requirepass', 'SeCret']])
  })

  test('quotes hold spaces, escapes and hexadecimal bytes', () => {
    expect(read(`a 'it\\'s' "x \\"y\\" \\x41\\n"`)).toEqual([['a', "it's", 'x "y" A\n']])
  })

  test('a byte that is a space in other alphabets is part of the line', () => {
    expect(read('requirepass x\xa0')).toEqual([['requirepass', 'x\xa0']])
  })

  test('unbalanced quotes end the reading, with the place', () => {
    const error = failure(() => read('port 1\nrequirepass "x'))
    expect(error.line).toEqual({ number: 2, text: 'requirepass "x' })
    expect(error.reason).toBe('Unbalanced quotes in configuration line')
  })
})

describe('errors', () => {
  test('the report is what Redis writes to standard error', () => {
    const error = failure(() =>
      readConfig('a\n  b c ', none, line => (line.words[0] === 'b' ? 'no b here' : null)),
    )
    expect(error.report('7.4.2')).toBe(
      "\n*** FATAL CONFIG FILE ERROR (Redis 7.4.2) ***\nReading the configuration file, at line 2\n>>> 'b c'\nno b here\n",
    )
  })

  test('an error of the whole names no line', () => {
    expect(new ConfigFileError('too bad').report('7.4.2')).toBe(
      '\n*** FATAL CONFIG FILE ERROR (Redis 7.4.2) ***\ntoo bad\n',
    )
  })
})

describe('include', () => {
  test('it is read in its place, and files in their order', () => {
    const files = {
      'conf.d/*': [
        { path: '/conf.d/1', text: 'b\n' },
        { path: '/conf.d/2', text: 'c\ninclude /d' },
      ],
      '/d': [{ path: '/d', text: 'd' }],
    }
    expect(read('a\ninclude conf.d/*\ne', files)).toEqual([['a'], ['b'], ['c'], ['d'], ['e']])
  })

  test('a pattern without files is no error', () => {
    expect(read('include x*\na', { 'x*': [] })).toEqual([['a']])
  })

  test('a file that cannot be read is one, at the line that includes it', () => {
    const error = failure(() => read('a\ninclude /gone'))
    expect(error.line?.number).toBe(2)
    expect(error.reason).toBe("Fatal error, can't open config file '/gone': No such file or directory")
  })

  test('an error inside names the line of that file', () => {
    const files = { f: [{ path: '/f', text: '\n\n"' }] }
    expect(failure(() => read('include f', files)).line?.number).toBe(3)
  })

  test('the same file twice is read twice', () => {
    expect(read('include f\ninclude f', { f: [{ path: '/f', text: 'a' }] })).toEqual([['a'], ['a']])
  })

  test('a circle of files ends with an error', () => {
    const files = { a: [{ path: '/a', text: 'include b' }], b: [{ path: '/b', text: 'include a' }] }
    expect(failure(() => read('include a', files)).reason).toBe("'/a' includes itself")
  })
})
