/**
 * The title that `ps` shows, made from `proc-title-template`.
 *
 * Node writes it over the arguments the process was started with and cuts it off where they ended: a title has
 * as much room as the command line had.
 */

import type { Config } from '../config/config.js'
import { setProcessTitle } from '../lib/process-title.js'

/** What a title may show besides settings. */
export interface TitleFacts {
  /** Stands for `{title}`. */
  readonly program: string
  readonly configFile: string
}

export function processTitle(config: Config, { program, configFile }: TitleFacts): string {
  const { procTitleTemplate, port, tlsPort, unixsocket } = config.values
  const variables: Readonly<Record<string, string>> = {
    title: program,
    'listen-addr': listenAddress(config),
    'server-mode': '',
    port: `${port}`,
    'tls-port': `${tlsPort}`,
    unixsocket,
    'config-file': configFile,
  }
  const filled = procTitleTemplate.replace(/\{\{|\{([^}]*)\}/g, (braces, name?: string) =>
    name === undefined ? '{' : (variables[name] ?? braces),
  )
  return filled.trimEnd()
}

/** Keeps the title in step with the configuration. */
export function showTitle(config: Config, facts: TitleFacts): void {
  const show = (): null => {
    if (config.values.setProcTitle) setProcessTitle(processTitle(config, facts), facts.program)
    return null
  }
  config.onAnyChange(['proc-title-template', 'port', 'tls-port', 'bind'], show)
  show()
}

/** The first address of `bind`; the socket's path where there is no port. */
function listenAddress({ values }: Config): string {
  const { bind, port, tlsPort, unixsocket } = values
  if (port === 0 && tlsPort === 0) return unixsocket
  return `${bind[0] ?? '*'}:${port === 0 ? tlsPort : port}`
}
