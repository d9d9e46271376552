import { InvalidArgumentError } from 'commander'
import { expect, test } from 'vitest'
import { countOf, parseOptions, wordsOf } from '../../bench/options.js'

test('everything is measured unless told otherwise', () => {
  expect(parseOptions([])).toEqual({
    quick: false,
    assert: false,
    only: ['load', 'types', 'memory', 'growth', 'snapshot', 'stalls', 'aof', 'replication'],
  })
})

test('parts are measured in the order of the report, whatever the order of the words', () => {
  expect(parseOptions(['--only', 'growth,load']).only).toEqual(['load', 'growth'])
})

test('a command line is split at blanks', () => {
  expect(wordsOf(' node  server.js --x ')).toEqual(['node', 'server.js', '--x'])
  expect(() => wordsOf(' ')).toThrow(InvalidArgumentError)
})

test('a count is a whole number above 0', () => {
  expect(countOf('250')).toBe(250)
  for (const text of ['0', '-1', '1e3', '1.5', '']) expect(() => countOf(text)).toThrow(InvalidArgumentError)
})
