import { afterAll, describe, test } from 'vitest'
import { familyNames, tablesOf } from '../support/families.js'
import { describeWithOracle } from '../support/oracle.js'
import { Oracles, reasonToSkip, rehearse, sharedRows } from '../support/rehearsal.js'

/** Every table of tests/sessions, played to redis-server and to ours. One family: `-t strings`. */
describeWithOracle('redis-server answers the same', () => {
  const oracles = new Oracles()
  afterAll(() => oracles.stop())

  for (const family of familyNames) {
    describe(family, async () => {
      for (const table of await tablesOf(family)) {
        const reason = reasonToSkip(table)
        if (reason !== null) test.skip(`${table.title} (${reason})`, () => undefined)
        else if (sharedRows(table.rows) === 0)
          test.skip(`${table.title} (no row the oracle knows)`, () => undefined)
        else test(table.title, async () => rehearse(table, await oracles.with(table.config ?? {})))
      }
    })
  }
})
