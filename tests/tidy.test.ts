import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checks } from './tidy/checks.js'
import { cycles } from './tidy/cycles.js'
import { doors } from './tidy/doors.js'
import { layers } from './tidy/layers.js'
import { length } from './tidy/length.js'
import { live } from './tidy/live.js'
import { describeOffence, readSources, type Rule } from './tidy/source.js'
import { state } from './tidy/state.js'
import { tested } from './tidy/tested.js'

const rules: readonly [sentence: string, rule: Rule][] = [
  ['imports go one way through the rooms', layers],
  ['no file imports itself, however long the way round', cycles],
  ['the outside world is reached through the doors of server/lib', doors],
  ['no file is longer than a reader can hold', sources => length(sources)],
  ['the checks of the compiler are on everywhere', checks],
  ['no module holds state', state],
  ['every command of the table has a test', tested],
  ['a test that starts whole servers says so by its name', live],
]

describe('the sources keep themselves tidy', () => {
  const sources = readSources(join(import.meta.dirname, '..'))

  test.each(rules)('%s', (_sentence, rule) => {
    const offences = rule(sources).map(describeOffence)
    expect(offences.length, `\n${offences.join('\n')}\n`).toBe(0)
  })
})
