/** What the system grants, against what the configuration wants. */

import type { Config } from '../config/config.js'
import type { Log } from '../lib/log.js'
import type { ProcessFacts } from '../lib/process-facts.js'

/** Files that are open besides the clients' sockets: log, snapshot, append-only file, listeners, Node's own. */
const OTHER_FILES = 32

/** How many clients this process has files for. */
function clientsMax(facts: ProcessFacts): number {
  return Math.max(1, facts.openFilesMax() - OTHER_FILES)
}

/** Lowers `maxclients` to what is possible, and keeps it there. */
export function fitClients(config: Config, facts: ProcessFacts, log: Log): void {
  const most = clientsMax(facts)
  const { maxclients } = config.values
  if (maxclients > most) {
    log.warning(
      `The limit of open files is ${facts.openFilesMax()}: maxclients has been reduced from ${maxclients} to ${most}. ` +
        "For more, raise it with 'ulimit -n'.",
    )
    config.replace('maxclients', most)
  }
  config.onChange('maxclients', wanted =>
    wanted <= clientsMax(facts)
      ? null
      : `The operating system is not able to handle the specified number of clients, try with ${clientsMax(facts)}`,
  )
}

/** The kernel cuts the queue of connections without a word. */
export function warnOfBacklog(config: Config, facts: ProcessFacts, log: Log): void {
  const granted = facts.acceptQueueMax()
  const { tcpBacklog } = config.values
  if (granted === 0 || granted >= tcpBacklog) return
  log.warning(
    `WARNING: The TCP backlog setting of ${tcpBacklog} cannot be enforced because ` +
      `/proc/sys/net/core/somaxconn is set to the lower value of ${granted}.`,
  )
}
