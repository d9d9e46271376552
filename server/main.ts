#!/usr/bin/env node
/**
 * The program: `redstart [config-file] [-] [--directive value ...]`, the command line of redis-server; and
 * `redstart check`, which looks at files and starts no server.
 */

import { Command } from 'commander'
import { checkCommand } from '../persistence/check/command.js'
import { tuneV8 } from './lib/v8-flags.js'
import { systemProcess } from './lib/process-facts.js'
import { versionLine } from './process/banner.js'
import { runProgram } from './program.js'

const EXAMPLES = `
Every directive of a config file can be given here too, after two dashes:

  redstart                                       on port 6379, data in this folder
  redstart /etc/redis.conf --loglevel verbose    a file; the command line wins
  redstart --port 7000 --save "" --dir /data     no file
  echo 'maxmemory 1gb' | redstart -              settings from standard input`

tuneV8()
const facts = systemProcess()

await new Command('redstart')
  .description('A Redis-compatible server.')
  .argument('[args...]', 'a config file, `-` for standard input, directives')
  .allowUnknownOption(true)
  .passThroughOptions()
  .enablePositionalOptions()
  .version(versionLine(facts), '-v, --version', 'say which version this is')
  .helpOption('-h, --help', 'say how to start it')
  .addHelpText('after', EXAMPLES)
  .action((args: string[]) => runProgram(args, facts))
  .addCommand(checkCommand())
  .parseAsync()
