import { describe, expect, it } from 'vitest'
import { parseOptions } from './options.js'
import { selectUnits } from './units.js'

describe('the options', () => {
  it('have shorter limits in --ci, unless others are given', () => {
    expect(parseOptions([])).toMatchObject({ ci: false, timeoutS: 300, stallS: 60, jobs: 2, server: null })
    expect(parseOptions(['--ci'])).toMatchObject({ timeoutS: 180, stallS: 40 })
    expect(parseOptions(['--ci', '--stall', '9'])).toMatchObject({ timeoutS: 180, stallS: 9 })
  })

  it('take units as words', () => {
    expect(parseOptions(['unit/auth', '--failures', 'unit/type']).units).toEqual(['unit/auth', 'unit/type'])
  })

  it('refuse a ratchet taken from another server or from part of a unit', () => {
    expect(() => parseOptions(['--update', '--server', 'redis-server'])).toThrow('--server')
    expect(() => parseOptions(['--update', '--only', 'a'])).toThrow('--only')
  })

  it('refuse a limit that is not a number', () => {
    expect(() => parseOptions(['--jobs', 'many'])).toThrow('--jobs wants a whole number')
    expect(() => parseOptions(['--jobs', '0'])).toThrow('--jobs wants a whole number')
  })
})

describe('the choice of units', () => {
  const known = ['unit/auth', 'unit/type/hash', 'unit/type/set', 'sentinel/05-manual']

  it('is everything when nothing is named', () => {
    expect(selectUnits([], known)).toEqual(known)
  })

  it('takes names and folders, each unit once', () => {
    expect(selectUnits(['unit/type', 'unit/type/set', 'sentinel'], known)).toEqual([
      'unit/type/hash',
      'unit/type/set',
      'sentinel/05-manual',
    ])
  })

  it('refuses a name it does not know', () => {
    expect(() => selectUnits(['unit/typo'], known)).toThrow('no unit is called unit/typo')
  })
})
