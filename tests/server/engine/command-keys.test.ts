import { describe, expect, test } from 'vitest'
import { command } from '../../../server/engine/command.js'
import { commandKeys, hasMovableKeys, legacyRange, mayHaveKeys } from '../../../server/engine/command-keys.js'
import { bytes, counted, key, repeated, group, rest } from '../../../server/engine/grammar.js'
import type { KeySpec } from '../../../server/engine/key-specs.js'
import { SYNTAX } from '../../../server/resp/errors.js'

const common = { does: 'Tests.', since: '1.0.0', group: 'generic', run: () => undefined } as const
const READ = ['RO', 'access'] as const

const get = command('GET', { ...common, args: { key: key(...READ) } })
const mset = command('MSET', {
  ...common,
  args: { data: repeated(group({ key: key('OW', 'update'), value: bytes() })) },
})
const move = command('MOVE', { ...common, args: { from: key('RW'), to: key('OW') } })
const union = command('UNION', { ...common, args: { to: key('OW'), keys: counted(key(...READ), SYNTAX) } })
const ping = command('PING', { ...common, args: {} })

const whereStored: KeySpec = { flags: ['OW'], begin: { unknown: true }, find: { unknown: true } }
const sort = command('SORT', {
  ...common,
  args: { key: key(...READ), words: rest() },
  keySpecs: [
    { flags: READ, begin: { index: 1 }, find: { last: 0, step: 1, limit: 0 } },
    { ...whereStored, flags: READ },
    whereStored,
  ],
  keysOf: words => (words.includes('bad') ? null : words[2] === 'store' ? [1, 3] : [1]),
})

describe('the keys of a request', () => {
  test('are found by position, with what is done to them', () => {
    expect(commandKeys(get, ['get', 'k'])).toEqual([{ position: 1, flags: READ }])
  })

  test('are found by step', () => {
    expect(commandKeys(mset, ['mset', 'a', '1', 'b', '2'])?.map(({ position }) => position)).toEqual([1, 3])
  })

  test('are found behind their count', () => {
    const words = ['union', 'to', '2', 'a', 'b']
    expect(commandKeys(union, words)?.map(({ position }) => position)).toEqual([1, 3, 4])
  })

  test('are unknown when the count is wrong', () => {
    expect(commandKeys(union, ['union', 'to', '3', 'a', 'b'])).toBeNull()
    expect(commandKeys(union, ['union', 'to', 'x', 'a'])).toBeNull()
    expect(commandKeys(union, ['union', 'to', '', 'a'])).toBeNull()
    expect(commandKeys(union, ['union', 'to', '-1', 'a'])).toBeNull()
    expect(commandKeys(union, ['union', 'to', '0x1', 'a'])).toBeNull()
  })

  test('are unknown when their count is one that no request holds', () => {
    for (const count of ['4294967296', '9007199254740993', '9223372036854775807', '1e99'])
      expect(commandKeys(union, ['union', 'to', count, 'a'])).toBeNull()
  })

  test('are found by the command itself where no spec can tell', () => {
    expect(commandKeys(sort, ['sort', 'k', 'store', 'to'])).toEqual([
      { position: 1, flags: READ },
      { position: 3, flags: ['OW'] },
    ])
    expect(commandKeys(sort, ['sort', 'k'])).toEqual([{ position: 1, flags: READ }])
    expect(commandKeys(sort, ['sort', 'k', 'bad'])).toBeNull()
  })

  test('have the flags of the request where these vary', () => {
    const set = command('SET', {
      ...common,
      args: { key: key('RW', 'access', 'variable_flags'), words: rest() },
      keyFlagsOf: words => (words.includes('get') ? READ : ['OW']),
    })
    expect(commandKeys(set, ['set', 'k', 'get'])).toEqual([{ position: 1, flags: READ }])
    expect(commandKeys(set, ['set', 'k', 'v'])).toEqual([{ position: 1, flags: ['OW'] }])
  })

  test('are not asked for where there are none', () => {
    expect(mayHaveKeys(ping)).toBe(false)
    expect(mayHaveKeys(get)).toBe(true)
    expect(commandKeys(ping, ['ping'])).toEqual([])
  })
})

describe('first, last and step', () => {
  test('stand for one spec as it is', () => {
    expect(legacyRange(get)).toEqual({ first: 1, last: 1, step: 1 })
    expect(legacyRange(mset)).toEqual({ first: 1, last: -1, step: 2 })
  })

  test('join neighbours', () => {
    expect(legacyRange(move)).toEqual({ first: 1, last: 2, step: 1 })
  })

  test('leave out what they cannot say, which is then movable', () => {
    expect(legacyRange(union)).toEqual({ first: 1, last: 1, step: 1 })
    expect(hasMovableKeys(union)).toBe(true)
    expect(hasMovableKeys(sort)).toBe(true)
    expect(hasMovableKeys(move)).toBe(false)
  })

  test('are zero without keys', () => {
    expect(legacyRange(ping)).toEqual({ first: 0, last: 0, step: 0 })
  })
})
