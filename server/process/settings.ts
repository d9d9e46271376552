/**
 * What a program starts with: the config file, the files it includes, standard input, and the command line, in
 * this order, so that the later one wins.
 */

import { resolve } from 'node:path'
import { joinConfig, readCommandLine } from '../config/command-line.js'
import { Config } from '../config/config.js'
import { ConfigFileError, type ConfigLine, type ReadIncluded } from '../config/file.js'
import { keepRenames } from '../engine/renamed-commands.js'
import type { ProcessFacts } from '../lib/process-facts.js'
import { isPattern, matchingPaths, readStandardInput, readTextFile } from '../lib/start-files.js'
import { systemSentence } from './system-sentence.js'

export interface Settings {
  readonly config: Config
  /** Absolute; '' without one. */
  readonly configFile: string
  /** What was read from standard input. */
  readonly input: string
  /** Its lines `rename-command`. */
  readonly renames: readonly ConfigLine[]
}

/** Why there is nothing to start with; the sentence is for standard error. */
export class NoSettings extends Error {}

/**
 * Reads everything. Changes the working folder when the config has a `dir`, as later lines are relative to it. Throws
 * ConfigFileError or NoSettings.
 */
export function readSettings(
  args: readonly string[],
  facts: ProcessFacts,
  warn: (text: string) => void,
): Settings {
  const config = new Config({ directory: facts.workingFolder(), warn })
  config.onChange('dir', folder => goTo(folder, config, facts))
  const renames = keepRenames(config)
  const { file, fromStdin, options } = readCommandLine(args)
  const configFile = file === null ? '' : resolve(facts.workingFolder(), file)
  const text = file === null ? '' : readConfigFile(configFile)
  const input = fromStdin ? readStandardInput() : ''
  config.load(joinConfig(text, input, options), includedFrom(facts))
  refuseWhatIsNotThere(config)
  return { config, configFile, input, renames }
}

/** `dir` shows where we are, free of links. */
function goTo(folder: string, config: Config, facts: ProcessFacts): string | null {
  try {
    facts.changeWorkingFolder(folder)
  } catch (error) {
    return systemSentence(error)
  }
  config.replace('dir', facts.workingFolder())
  return null
}

function readConfigFile(path: string): string {
  try {
    return readTextFile(path).text
  } catch (error) {
    throw new NoSettings(cannotOpen(path, error))
  }
}

/** `include` paths are relative to the working folder of that moment. */
function includedFrom(facts: ProcessFacts): ReadIncluded {
  return pattern => {
    const path = resolve(facts.workingFolder(), pattern)
    try {
      return isPattern(pattern) ? matchingPaths(path).map(readTextFile) : [readTextFile(path)]
    } catch (error) {
      return cannotOpen(pattern, error)
    }
  }
}

function cannotOpen(path: string, error: unknown): string {
  return `Fatal error, can't open config file '${path}': ${systemSentence(error)}`
}

/** Better no server than one that quietly is something else than what was asked for. */
function refuseWhatIsNotThere({ values }: Config): void {
  if (values.clusterEnabled) {
    throw new ConfigFileError(
      'cluster-enabled yes: this server has no cluster mode; use replication and Sentinel',
    )
  }
}
