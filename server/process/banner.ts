/** What a starting server shows: a bird and the three things one wants to know, or the same in one line. */

import type { Config } from '../config/config.js'
import { REDIS_VERSION, VERSION } from '../engine/version.js'
import type { Log } from '../lib/log.js'
import type { ProcessFacts } from '../lib/process-facts.js'

/** What `--version` prints: the words are where scripts look for them. */
export function versionLine({ machine, nodeVersion }: ProcessFacts): string {
  return `Redstart server v=${VERSION} redis=${REDIS_VERSION} bits=${machine.archBits} node=${nodeVersion}`
}

/** A logo is for people: on a terminal, or when asked for. */
export function introduce(log: Log, configFile: string, facts: ProcessFacts): void {
  log.notice(`${versionLine(facts)} is starting, pid=${facts.pid}`)
  log.notice(
    configFile === '' ? 'No config file: all settings have their defaults' : `Configuration: ${configFile}`,
  )
}

/** Says where the server is, once it can be reached there: who waits for these lines connects at once. */
export function announce(log: Log, config: Config, facts: ProcessFacts): void {
  const { alwaysShowLogo, logfile } = config.values
  const onTerminal = logfile === '' && process.stdout.isTTY
  if (alwaysShowLogo || onTerminal) log.raw(logo(config, facts))
  else log.notice(`Running mode=standalone, port=${config.values.port}, dir=${config.values.dir}`)
  log.notice('Server initialized')
}

/** Test suites look for ` PID: ` and `Port: ` in it. */
export function logo(config: Config, facts: ProcessFacts): string {
  return `
          .---.
         /  o  \\>       Redstart ${VERSION}, speaks Redis ${REDIS_VERSION}
     ___/      /        Port: ${config.values.port}
   ==\\_     __/         PID: ${facts.pid}
       \`-||-'           Data: ${config.values.dir}
         ^^
`
}
