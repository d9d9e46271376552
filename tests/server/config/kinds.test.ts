import { describe, expect, test } from 'vitest'
import { Refusal, type Kind } from '../../../server/config/kind.js'
import { EventClass, eventClasses } from '../../../server/config/kinds/event-classes.js'
import { addresses, masterAddress, oomScores, percentiles } from '../../../server/config/kinds/lists.js'
import { baseName, directory, hostName, titleTemplate } from '../../../server/config/kinds/names.js'
import {
  heldInteger,
  heldMemory,
  integer,
  LONG_MAX,
  memory,
  memoryOrPercent,
  octal,
} from '../../../server/config/kinds/number.js'
import { outputLimits, type OutputLimits } from '../../../server/config/kinds/output-limits.js'
import { savePoints, type SavePoint } from '../../../server/config/kinds/save-points.js'
import { oneOf, someOf, text, yesNo } from '../../../server/config/kinds/word.js'

/** The value of these words, or the reason there is none. */
function read<V>(kind: Kind<V>, words: string[], current?: V, again = false): V | string {
  const value = kind.read(words, current as V, again)
  return value instanceof Refusal ? value.reason : value
}

/** How these words are shown. */
function shown<V>(kind: Kind<V>, ...words: string[]): string {
  const value = kind.read(words, undefined as V, false)
  return value instanceof Refusal ? `refused: ${value.reason}` : kind.print(value)
}

function lines<V>(kind: Kind<V>, ...words: string[]): readonly string[] {
  const value = kind.read(words, undefined as V, false)
  return value instanceof Refusal ? [`refused: ${value.reason}`] : kind.lines(value)
}

describe('numbers', () => {
  test('an integer has limits, and one spelling', () => {
    const kind = integer(-2, 65535)
    expect(['0', '-2', '65535'].map(word => read(kind, [word]))).toEqual([0, -2, 65535])
    for (const word of ['', '+1', '01', '-0', '1.0', ' 1', '1k', '9223372036854775808']) {
      expect(read(kind, [word])).toBe("argument couldn't be parsed into an integer")
    }
    expect(read(kind, ['65536'])).toBe('argument must be between -2 and 65535 inclusive')
  })

  test('an integer as large as C has it is held to what a number can count', () => {
    expect(shown(integer(0, LONG_MAX), '9223372036854775807')).toBe('9007199254740991')
    expect(read(integer(0, LONG_MAX), ['-1'])).toBe(
      'argument must be between 0 and 9223372036854775807 inclusive',
    )
  })

  test('a held integer is quietly moved into its limits', () => {
    expect(['0', '10', '1000'].map(word => read(heldInteger(1, 500), [word]))).toEqual([1, 10, 500])
  })

  test('held memory is quietly lifted to its limit', () => {
    expect(['1', '100', '16kb', '17000'].map(word => read(heldMemory(16_384), [word]))).toEqual([
      16_384, 16_384, 16_384, 17_000,
    ])
    expect(read(heldMemory(16_384), ['0'])).toBe(
      'argument must be between 1 and 9223372036854775807 inclusive',
    )
    expect(read(heldMemory(16_384), ['much'])).toBe('argument must be a memory value')
  })

  test('permissions are octal', () => {
    expect([read(octal(0o777), ['700']), shown(octal(0o777), '700')]).toEqual([0o700, '700'])
    expect(read(octal(0o777), ['999'])).toBe("argument couldn't be parsed as an octal number")
    expect(read(octal(0o777), ['1000'])).toBe('argument must be between 0 and 777 inclusive')
  })

  test('memory has units, is shown in bytes and stored in the largest binary unit', () => {
    const kind = memory(0, LONG_MAX)
    expect(['10', '10b', '1k', '1KB', '2m', '2mb', '1g', '1Gb'].map(word => read(kind, [word]))).toEqual([
      10,
      10,
      1000,
      1024,
      2e6,
      2 * 1024 ** 2,
      1e9,
      1024 ** 3,
    ])
    expect(read(kind, ['1tb'])).toBe('argument must be a memory value')
    expect(['0', '1000', '3kb', '1024kb', '3gb'].map(word => lines(kind, word)[0])).toEqual([
      '0',
      '1000',
      '3kb',
      '1mb',
      '3gb',
    ])
  })

  test('memory or percent is one or the other', () => {
    const kind = memoryOrPercent()
    expect(read(kind, ['1kb'])).toEqual({ bytes: 1024 })
    expect(read(kind, ['50%'])).toEqual({ percent: 50 })
    expect(read(kind, ['0%'])).toEqual({ bytes: 0 })
    expect(read(kind, ['200%'])).toBe('percentage argument must be less or equal to 100')
    expect(read(kind, ['-1'])).toBe('argument must be a memory or percent value')
    expect([shown(kind, '1kb'), ...lines(kind, '1kb'), shown(kind, '5%'), ...lines(kind, '5%')]).toEqual([
      '1024',
      '1kb',
      '5%',
      '5%',
    ])
  })
})

describe('words', () => {
  test('yes and no, in any case', () => {
    expect([read(yesNo, ['YES']), read(yesNo, ['no'])]).toEqual([true, false])
    expect(read(yesNo, ['true'])).toBe("argument must be 'yes' or 'no'")
  })

  test('text is stored in quotes', () => {
    expect([shown(text, 'a "b"'), ...lines(text, 'a "b"\xff')]).toEqual(['a "b"', '"a \\"b\\"\\xff"'])
  })

  test('one of a list, in any case and with synonyms', () => {
    const kind = oneOf(['no', 'yes', 'relative', 'absolute'], { relative: 'yes' })
    expect([shown(kind, 'YES'), shown(kind, 'relative')]).toEqual(['yes', 'yes'])
    expect(read(kind, ['x'])).toBe('argument(s) must be one of the following: no, yes, relative, absolute')
  })

  test('some of a list, in its order', () => {
    const kind = someOf('default', ['save', 'nosave', 'now', 'force'])
    expect([shown(kind, 'force', 'NOW'), shown(kind, 'default'), shown(kind, 'default', 'save')]).toEqual([
      'now force',
      'default',
      'save',
    ])
    expect(read(kind, [])).toBe('argument(s) must be one of the following: default, save, nosave, now, force')
    expect(read(kind, ['save', ''])).toBe(
      'argument(s) must be one of the following: default, save, nosave, now, force',
    )
  })
})

describe('save points', () => {
  const point = (seconds: number, changes: number): SavePoint => ({ seconds, changes })

  test('the first line replaces, the next add, an empty one removes', () => {
    const usual = [point(3600, 1)]
    expect(read(savePoints, ['60', '2'], usual)).toEqual([point(60, 2)])
    expect(read(savePoints, ['60', '2'], usual, true)).toEqual([point(3600, 1), point(60, 2)])
    expect(read(savePoints, [''], usual, true)).toEqual([])
  })

  test('each has a line of its own', () => {
    expect(lines(savePoints, '60', '2', '30', '3')).toEqual(['60 2', '30 3'])
    expect(lines(savePoints)).toEqual(['""'])
  })

  test.each([[['60']], [['0', '1']], [['60', '-1']], [['x', '1']], [['60', '1', '']]])(
    '%j is invalid',
    words => {
      expect(read(savePoints, words)).toBe('Invalid save parameters')
    },
  )
})

describe('limits of output', () => {
  const none = { hardBytes: 0, softBytes: 0, softSeconds: 0 }
  const limits: OutputLimits = { normal: none, replica: none, pubsub: none }

  test('classes that are not named keep their limits', () => {
    const changed = read(outputLimits, ['slave', '1kb', '10', '5'], limits) as OutputLimits
    expect(changed).toEqual({ ...limits, replica: { hardBytes: 1024, softBytes: 10, softSeconds: 5 } })
    expect(outputLimits.print(changed)).toBe('normal 0 0 0 slave 1024 10 5 pubsub 0 0 0')
    expect(outputLimits.lines(changed)).toEqual(['normal 0 0 0', 'replica 1kb 10 5', 'pubsub 0 0 0'])
  })

  test('what is wrong is said', () => {
    expect(read(outputLimits, ['normal', '1'], limits)).toMatch(/^Wrong number of arguments/)
    expect(read(outputLimits, ['master', '1', '1', '1'], limits)).toMatch(/^Invalid client class/)
    expect(read(outputLimits, ['normal', '1', '1', '-1'], limits)).toMatch(/^Error in hard, soft/)
  })
})

describe('classes of events', () => {
  test('letters become bits and are shown in one order', () => {
    expect(read(eventClasses, ['Kg'])).toBe(EventClass.keyspace | EventClass.generic)
    expect(shown(eventClasses, 'EKx$g')).toBe('g$xKE')
  })

  test('A stands for all types and is shown for all of them', () => {
    expect(shown(eventClasses, 'KEA')).toBe('AKE')
    expect(shown(eventClasses, 'g$lshzxetd')).toBe('A')
    expect(shown(eventClasses, 'AKEnm')).toBe('AnKEm')
  })

  test('another letter is refused', () => {
    expect(read(eventClasses, ['KEX'])).toMatch(/^Invalid event class character\. Use 'Ag\$lshzxeKEtmdn/)
  })
})

describe('lists', () => {
  test('percentiles', () => {
    expect(shown(percentiles, '50.0', '99.90', '1e1')).toBe('50 99.9 10')
    expect(shown(percentiles, '')).toBe('')
    expect(lines(percentiles)).toEqual(['""'])
    expect(shown(percentiles, 'x')).toContain('Invalid latency-tracking-info-percentiles parameters')
    expect(shown(percentiles, '101')).toContain('should sit between [0.0,100.0]')
  })

  test('addresses', () => {
    expect(shown(addresses, '127.0.0.1', '-::1')).toBe('127.0.0.1 -::1')
    expect(lines(addresses, '')).toEqual(['""'])
    expect(shown(addresses, ...Array<string>(17).fill('x'))).toBe(
      'refused: Too many bind addresses specified.',
    )
  })

  test('scores', () => {
    expect(shown(oomScores, '1', '-2', '2000')).toBe('1 -2 2000')
    expect(shown(oomScores, '1')).toBe('refused: wrong number of arguments')
    expect(shown(oomScores, '1', '2', '2001')).toContain('elements must be between -2000 and 2000')
  })

  test('the address of a master', () => {
    expect(read(masterAddress, ['::1', '6379'])).toEqual({ host: '::1', port: 6379 })
    expect(read(masterAddress, ['NO', 'one'])).toBeNull()
    expect(read(masterAddress, ['h', '65536'])).toBe('Invalid master port')
    expect(read(masterAddress, ['h'])).toBe('wrong number of arguments')
  })
})

describe('names', () => {
  test('a file inside the working directory', () => {
    expect(read(baseName('dbfilename', 'filename', true), [''])).toBe('')
    expect(read(baseName('dbfilename', 'filename'), ['a/b'])).toBe(
      "dbfilename can't be a path, just a filename",
    )
    expect(read(baseName('appenddirname', 'dirname'), [''])).toBe("appenddirname can't be empty")
  })

  test('a directory is relative to the one before', () => {
    expect(read(directory, ['./x'], '/srv')).toBe('/srv/x')
    expect(read(directory, ['/tmp/'], '/srv')).toBe('/tmp')
  })

  test('a host', () => {
    expect(read(hostName, ['a-b.C1'])).toBe('a-b.C1')
    expect(read(hostName, ['a_b'])).toBe(
      'Hostnames may only contain alphanumeric characters, hyphens or dots',
    )
    expect(read(hostName, ['a'.repeat(256)])).toBe('Hostnames must be less than 256 characters')
  })

  test.each([
    ['{title} {listen-addr} {server-mode}', true],
    ['plain', true],
    ['{{', true],
    ['{port}', true],
    ['{title}', false],
    ['', false],
    ['{unknown}', false],
    ['x {title', false],
  ])('a process title %j', (template, sound) => {
    expect(read(titleTemplate, [template]) === template).toBe(sound)
  })
})
