import { expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { notifies, propagates } from '../../support/session.js'

propagates('PFADD h', 'PFADD h')
propagates(['PFADD h a', 'PFADD h a'])
propagates(['PFADD h a', 'PFADD h b'], 'PFADD h b')
propagates(['PFADD h a', 'PFCOUNT h'], 'PFCOUNT h')
propagates(['PFADD h a', 'PFCOUNT h', 'PFCOUNT h'])
propagates(['PFADD h a', 'PFCOUNT h other'])
propagates(['PFADD h a', 'PFMERGE h'], 'PFMERGE h')
propagates(['PFADD h a', 'PFDEBUG TODENSE h'], 'PFDEBUG TODENSE h')

notifies('PFADD h', 'pfadd h')
notifies(['PFADD h a', 'PFADD h a'])
notifies(['PFADD h a', 'PFCOUNT h'])
notifies('PFMERGE h', 'pfadd h')

test('PFADD counts a change for the key it makes and one for each element that raised a register', () => {
  const world = testEngine()
  world.ask('PFADD h a b c a')
  expect(world.engine.keyspace.dirty).toBe(4)
})

test('PFDEBUG GETREG answers all registers, and leaves the value dense', () => {
  const world = testEngine()
  world.ask('PFADD h a')
  const registers = world.ask('PFDEBUG GETREG h') as number[]
  expect(registers).toHaveLength(16384)
  expect(registers[12711]).toBe(2)
  expect(world.ask('PFDEBUG ENCODING h')).toBe('dense')
})

test('PFSELFTEST finds nothing wrong', () => {
  expect(testEngine().ask('PFSELFTEST')).toBe('OK')
})
