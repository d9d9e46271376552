/** CONFIG: the settings of a running server, asked for, changed and written back. */

import { names } from '../../config/directives.js'
import type { RewriteOptions } from '../../config/config.js'
import { container, subcommand } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import type { Engine } from '../../engine/engine.js'
import { EngineAlert } from '../../engine/gates.js'
import { bytes, group, repeated, text } from '../../engine/grammar.js'
import { CommandError, errorLine, NO_CONFIG_FILE, SYNTAX } from '../../resp/errors.js'
import { help } from '../help.js'

const common = { group: 'server', flags: ['admin', 'noscript', 'loading', 'stale'] } as const

const get = subcommand('GET', {
  ...common,
  does: 'Returns the settings that match the patterns.',
  since: '2.0.0',
  complexity: 'O(N) when N is the number of configuration parameters provided',
  args: { parameter: repeated(text()) },
  run(ctx, { parameter }) {
    const found = ctx.config.get(parameter)
    ctx.reply.map(found.length)
    for (const [name, value] of found) {
      ctx.reply.text(name)
      ctx.reply.text(value)
    }
  },
})

const set = subcommand('SET', {
  ...common,
  does: 'Changes settings: all of them, or none when one cannot be.',
  since: '2.0.0',
  complexity: 'O(N) when N is the number of configuration parameters provided',
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  args: { data: repeated(group({ parameter: text(), value: bytes() }), 1, SYNTAX) },
  redact: hideSecrets,
  run(ctx, { data }) {
    const pairs = data.map(({ parameter, value }) => [parameter, value.latin1()] as const)
    const refusal = ctx.config.set(pairs, { loading: isLoading(ctx), maySetProtected: maySetProtected(ctx) })
    if (refusal !== null) throw new CommandError(errorLine(refusal))
    ctx.reply.ok()
  },
})

const rewrite = subcommand('REWRITE', {
  ...common,
  does: 'Writes the settings back into the config file.',
  since: '2.8.0',
  complexity: 'O(1)',
  run(ctx) {
    rewriteConfig(ctx.engine)
    ctx.reply.ok()
  },
})

const resetStat = subcommand('RESETSTAT', {
  ...common,
  does: 'Sets the counters of INFO to zero.',
  since: '2.0.0',
  complexity: 'O(1)',
  run(ctx) {
    resetStatistics(ctx.engine)
    ctx.reply.ok()
  },
})

export const config = container(
  'CONFIG',
  {
    does: 'Commands about the settings of the server.',
    since: '2.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  [get, set, rewrite, resetStat, help('server', '5.0.0')],
)

/** Writes the settings into the config file, so that a crash leaves the old file or the new. */
export function rewriteConfig({ config, configFile, disk, log }: Engine, options: RewriteOptions = {}): void {
  if (configFile === '') throw NO_CONFIG_FILE
  try {
    const old = disk.existsSync(configFile) ? disk.readFileSync(configFile).toString('latin1') : ''
    disk.writeFileAtomicallySync(configFile, Buffer.from(config.rewrite(old, options), 'latin1'))
  } catch (error) {
    const { message } = error as Error
    log.warning(`CONFIG REWRITE failed: ${message}`)
    throw new CommandError(errorLine(`ERR Rewriting config file: ${message}`))
  }
  log.notice('CONFIG REWRITE executed with success.')
}

function resetStatistics({ stats, keyspace, table, onResetStats }: Engine): void {
  stats.reset()
  for (const forget of onResetStats) forget()
  keyspace.resetStats()
  for (const entry of table.all()) entry.stats.reset()
}

function isLoading({ engine }: Context): boolean {
  return (engine.alert & (EngineAlert.loading | EngineAlert.loadingAside)) !== 0
}

function maySetProtected({ config, session }: Context): boolean {
  const mode = config.values.enableProtectedConfigs
  return mode === 'yes' || (mode === 'local' && session.transport.local)
}

function hideSecrets(words: string[]): string[] {
  const isSecret = (name: string) =>
    names.get(name.toLowerCase())?.directive.flags.includes('sensitive') ?? false
  return words.map((word, at) => (at > 2 && at % 2 === 1 && isSecret(words[at - 1]) ? '(redacted)' : word))
}
