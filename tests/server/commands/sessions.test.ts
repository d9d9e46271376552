import { describe } from 'vitest'
import { familyNames, tablesOf } from '../../support/families.js'
import { play } from '../../support/session.js'

/** Every table of tests/sessions, in process. One family: `vitest run tests/server/commands -t strings`. */
for (const family of familyNames) {
  describe(family, async () => {
    for (const table of await tablesOf(family)) play(table)
  })
}
