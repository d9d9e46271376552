import { expect, test } from 'vitest'
import { Config } from '../../../server/config/config.js'
import { type Log, silentLog } from '../../../server/lib/log.js'
import { simulatedProcess } from '../../../server/lib/process-facts.js'
import { fitClients, warnOfBacklog } from '../../../server/process/limits.js'

function world(openFiles: number, acceptQueue: number) {
  const warnings: string[] = []
  const log: Log = { ...silentLog(), warning: line => void warnings.push(line) }
  const facts = simulatedProcess({ openFilesMax: () => openFiles, acceptQueueMax: () => acceptQueue })
  return { config: new Config(), facts, log, warnings }
}

test('maxclients is lowered to what the open files allow, and cannot be raised above', () => {
  const { config, facts, log, warnings } = world(1032, 4096)
  fitClients(config, facts, log)
  expect(config.values.maxclients).toBe(1000)
  expect(warnings).toEqual([expect.stringContaining('reduced from 10000 to 1000')])
  const asker = { loading: false, maySetProtected: true }
  expect(config.set([['maxclients', '1001']], asker)).toContain('not able to handle')
  expect(config.set([['maxclients', '900']], asker)).toBe(null)
})

test('nothing is said where everything fits', () => {
  const { config, facts, log, warnings } = world(Infinity, 4096)
  fitClients(config, facts, log)
  warnOfBacklog(config, facts, log)
  expect([warnings, config.values.maxclients]).toEqual([[], 10_000])
})

test('a queue that the kernel cuts is warned of', () => {
  const { config, facts, log, warnings } = world(Infinity, 128)
  warnOfBacklog(config, facts, log)
  expect(warnings).toEqual([expect.stringContaining('backlog setting of 511 cannot be enforced')])
})
