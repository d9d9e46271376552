/**
 * `redstart check rdb FILE` and `redstart check aof FILE`: what redis-check-rdb and redis-check-aof do.
 *
 * Exit codes are theirs: 0 when the file is sound, or was mended; 1 when it is not, or cannot be read.
 */

import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import { systemDisk } from '../../server/lib/disk.js'
import { systemClock } from '../../server/lib/clock.js'
import { systemRandom } from '../../server/lib/random.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { cutOff } from '../aof/cut-off.js'
import { checkAof, isSound, mendable } from './aof-check.js'
import { checkRdb, type CheckWorld } from './rdb-check.js'
import { aofJson, aofLines, rdbJson, rdbLines } from './report.js'

export function checkCommand(): Command {
  const check = new Command('check').description('Check the files that hold the data.')
  check
    .command('rdb')
    .description('What is in a snapshot file, and whether it is whole.')
    .argument('<file>', 'for instance dump.rdb')
    .option('--json', 'as one object of JSON')
    .action(async (file: string, { json = false }: { json?: boolean }) => {
      await reported(async () => runRdb(file, json))
    })
  check
    .command('aof')
    .description('Whether an append-only log is whole, and up to where.')
    .argument('<file>', 'a manifest, or a single file')
    .option('--fix', 'cut off what is behind the last whole command')
    .option('--yes', 'without asking')
    .option('--json', 'as one object of JSON')
    .action(async (file: string, options: AofOptions) => {
      await reported(async () => runAof(file, options))
    })
  return check
}

interface AofOptions {
  readonly fix?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** Answers whether the file is sound. */
async function runRdb(file: string, json: boolean): Promise<boolean> {
  const findings = await checkRdb(world(), file)
  if (json) say(JSON.stringify(rdbJson(findings), null, 2))
  else for (const line of rdbLines(findings)) say(line)
  return findings.problem === null
}

async function runAof(
  file: string,
  { fix = false, yes = false, json = false }: AofOptions,
): Promise<boolean> {
  const here = world()
  const findings = await checkAof(here, file)
  if (json) say(JSON.stringify(aofJson(findings), null, 2))
  else for (const line of aofLines(findings)) say(line)
  if (isSound(findings)) return true
  const damaged = mendable(findings)
  if (damaged === null) {
    complain('The damage is not at the end of the last file: cutting off would lose what was written later.')
    return false
  }
  if (!fix) {
    complain('Use the option --fix to cut off what is behind the last whole command.')
    return false
  }
  const lost = damaged.bytes - damaged.validBytes
  const question = `This will shrink ${damaged.file} from ${damaged.bytes} bytes, by ${lost} bytes, to ${damaged.validBytes} bytes. Continue? [y/N]: `
  if (!yes && !(await agreed(question))) {
    complain('Left as it is.')
    return false
  }
  await cutOff(here.disk, damaged.file, damaged.validBytes)
  complain(`Successfully truncated AOF ${damaged.file}`)
  return true
}

function world(): CheckWorld {
  return { disk: systemDisk(), random: systemRandom(), nowMs: systemClock().wallMs() }
}

/** Sets the exit code; what the disk refuses is told in a sentence. */
async function reported(run: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await run()) ? 0 : 1
  } catch (error) {
    complain(systemSentence(error))
    process.exitCode = 1
  }
}

async function agreed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y/i.test(await terminal.question(question))
  } finally {
    terminal.close()
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
/** Beside JSON, only JSON stands on standard output. */
const complain = (line: string): void => void process.stderr.write(`${line}\n`)
