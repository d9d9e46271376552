import { describe, expect, it } from 'vitest'
import { culpritOf, readSuiteOutput } from './suite-output.js'

const lines = (...text: string[]): string => text.join('\n') + '\n'

describe('the output of a unit', () => {
  it('tells passed tests from failed ones, with the first line of the reason', () => {
    const output = readSuiteOutput(
      lines(
        '[ready]: 4711',
        'Testing unit/x',
        '[testing]: SET (twice) works',
        '[ok]: SET (twice) works (12 ms)',
        '[testing]: GET in a box',
        "[err]: GET in a box in tests/unit/x.tcl\nExpected '1' to be equal to '2'\n    while executing",
        '[1/1 done]: unit/x (3 seconds)',
      ),
    )
    expect(output.tests).toEqual([
      { name: 'SET (twice) works', status: 'ok', reason: '' },
      { name: 'GET in a box', status: 'err', reason: "Expected '1' to be equal to '2'" },
    ])
    expect(output.finished).toBe(true)
    expect(output.running).toBeNull()
  })

  it('counts what tags left out', () => {
    const output = readSuiteOutput(lines('[ignore]: large memory flag not provided', '[skip]: a name'))
    expect(output.skipped).toBe(2)
  })

  it('keeps errors outside any test apart', () => {
    const output = readSuiteOutput(
      lines('[err]: ERR unknown command', '    while executing', '[exception]: boom'),
    )
    expect(output.tests).toEqual([])
    expect(output.outside).toEqual(['ERR unknown command', 'boom'])
  })

  it('gives the last words of a server that would not start', () => {
    const output = readSuiteOutput(
      lines(
        "[err]: Can't start the Redis server",
        'CONFIGURATION:port 1',
        '',
        'ERROR:one',
        'no such directive',
        '',
      ),
    )
    expect(output.outside).toEqual(["Can't start the Redis server: no such directive"])
  })

  it('does not count the failures repeated after the end', () => {
    const output = readSuiteOutput(
      lines(
        '[err]: a in tests/unit/x.tcl',
        'why',
        '                   The End',
        '[err]: a in tests/unit/x.tcl',
      ),
    )
    expect(output.tests).toHaveLength(1)
  })

  it('shortens a reason that quotes a megabyte', () => {
    const output = readSuiteOutput(lines('[err]: a in tests/unit/x.tcl', 'x'.repeat(1_000_000)))
    expect(output.tests[0].reason.length).toBeLessThan(600)
  })
})

describe('the culprit of an unfinished run', () => {
  it('is the test that had begun and not ended', () => {
    const output = readSuiteOutput(
      lines('[testing]: a', '[ok]: a (1 ms)', '[testing]: b', '[TIMEOUT]: clients'),
    )
    expect(output.finished).toBe(false)
    expect(culpritOf(output)).toBe('b')
  })

  it('is the first test that lost its server when none was running', () => {
    const output = readSuiteOutput(
      lines(
        '[err]: a in tests/unit/x.tcl',
        'wrong',
        '[err]: b in tests/unit/x.tcl',
        'I/O error reading reply',
      ),
    )
    expect(culpritOf(output)).toBe('b')
  })

  it('is nobody when the run broke off between tests', () => {
    expect(culpritOf(readSuiteOutput(lines('[testing]: a', '[ok]: a (1 ms)')))).toBeNull()
  })
})
