import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { visibleFlags } from '../../../server/commands/server/command-info.js'
import { aclCategories } from '../../../server/engine/acl-categories.js'
import type { Command } from '../../../server/engine/command.js'
import type { KeySpec } from '../../../server/engine/key-specs.js'
import { parts } from '../../../server/parts.js'

/**
 * What clients and ACLs read of a command must be what they know. Arity, key specs and categories follow from how
 * a command is declared; the facts they must agree with are those of the command files of Redis and Valkey, in
 * tests/fixtures/commands.tsv.
 */

interface Facts {
  readonly arity: string
  readonly flags: string
  readonly categories: string
  readonly keySpecs: string
}

/** Where a command means to differ from its facts, and why. */
const DIFFERENCES: Readonly<Record<string, Partial<Facts>>> = {}

/** Commands that only we have: what they are declared to be, once more. */
const OURS: Readonly<Record<string, Facts>> = {
  'client|acks': {
    arity: '-2',
    flags: 'loading,noscript,stale',
    categories: 'connection,slow',
    keySpecs: '',
  },
  'client|offset': {
    arity: '2',
    flags: 'loading,noscript,stale',
    categories: 'connection,slow',
    keySpecs: '',
  },
  waitoffset: { arity: '-2', flags: 'blocking', categories: 'blocking,connection,slow', keySpecs: '' },
}

/** Flags of the facts that say how a server is built, not what a command does. */
const NOT_OURS = new Set(['script_runner', 'module', 'experimental', 'sentinel', 'only_sentinel'])

const facts = new Map(
  readFileSync(new URL('../../fixtures/commands.tsv', import.meta.url), 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const [name, , arity, flags, categories, keySpecs] = line.split('\t')
      const ours = flags.split(',').filter(flag => !NOT_OURS.has(flag))
      return [name, { arity, flags: ours.join(','), categories, keySpecs }] as const
    }),
)

const commands = parts
  .flatMap(part => part.commands ?? [])
  .flatMap(command => [command, ...command.subcommands.values()])

describe('what COMMAND tells is what clients know', () => {
  for (const command of commands) {
    test(command.fullName, () => {
      const known = OURS[command.fullName] ?? facts.get(command.fullName)
      expect(known, 'the command is in tests/fixtures/commands.tsv').toBeDefined()
      expect(factsOf(command)).toEqual({ ...known, ...DIFFERENCES[command.fullName] })
    })
  }
})

function factsOf(command: Command): Facts {
  return {
    arity: String(command.arity),
    flags: visibleFlags(command).sort().join(','),
    categories: [...aclCategories(command)].sort().join(','),
    keySpecs: command.keySpecs.map(specText).join('; '),
  }
}

/** As the fixture writes it: `RO access @1 range:0/1/0`. */
function specText({ flags, begin, find }: KeySpec): string {
  return [...flags.toSorted(), beginText(begin), findText(find)].join(' ')
}

function beginText(begin: KeySpec['begin']): string {
  if ('index' in begin) return `@${begin.index}`
  return 'keyword' in begin ? `'${begin.keyword}'${begin.from}` : '?'
}

function findText(find: KeySpec['find']): string {
  if ('last' in find) return `range:${find.last}/${find.step}/${find.limit}`
  return 'first' in find ? `keynum:${find.countAt}/${find.first}/${find.step}` : '?'
}
