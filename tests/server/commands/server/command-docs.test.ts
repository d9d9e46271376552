import { expect, test } from 'vitest'
import type { Reply } from '../../../support/reply.js'
import { testEngine } from '../../../support/engine.js'

/** What redis-cli makes of COMMAND DOCS while somebody types. */

interface Doc {
  readonly name: string
  readonly type: string
  readonly token?: string
  readonly flags?: readonly string[]
  readonly arguments?: Reply
}

const world = testEngine()

function usageOf(command: string): string {
  const [, fields] = world.ask(['COMMAND', 'DOCS', command]) as [string, Reply[]]
  return hints(mapOf(fields).arguments).join(' ')
}

function hints(docs: Reply): string[] {
  return (docs as Reply[][]).map(fields => hint(mapOf(fields) as unknown as Doc))
}

function hint({ name, type, token, flags = [], arguments: parts = [] }: Doc): string {
  const inner = type === 'pure-token' ? '' : valueOf(name, type, parts)
  const shown = [token, inner].filter(each => each !== undefined && each !== '').join(' ')
  const several = flags.includes('multiple') ? `${shown} [...]` : shown
  return flags.includes('optional') ? `[${several}]` : several
}

function valueOf(name: string, type: string, parts: Reply): string {
  if (type === 'oneof') return hints(parts).join('|')
  return type === 'block' ? hints(parts).join(' ') : name
}

function mapOf(fields: readonly Reply[]): Record<string, Reply> {
  const map: Record<string, Reply> = {}
  for (let i = 0; i < fields.length; i += 2) map[fields[i] as string] = fields[i + 1]
  return map
}

test.each([
  ['MGET', 'key [...]'],
  ['SUNIONSTORE', 'destination key [...]'],
  ['ZDIFF', 'numkeys key [...] [WITHSCORES]'],
  ['LMPOP', 'numkeys key [...] LEFT|RIGHT [COUNT count]'],
  ['GETEX', 'key [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|PERSIST]'],
  [
    'GEORADIUSBYMEMBER_RO',
    'key member radius M|KM|FT|MI [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count] [ANY] [ASC|DESC]',
  ],
  ['SHUTDOWN', '[SAVE|NOSAVE] [NOW] [FORCE] [ABORT]'],
])('the hint for %s is %s', (command, usage) => {
  expect(usageOf(command)).toBe(usage)
})

test.each([
  ['RPOPLPUSH', '6.2.0', '`LMOVE` with the `RIGHT` and `LEFT` arguments'],
  ['SLAVEOF', '5.0.0', '`REPLICAOF`'],
  ['ZREVRANGEBYLEX', '6.2.0', '`ZRANGE` with the `REV` and `BYLEX` arguments'],
  ['GEORADIUS_RO', '6.2.0', '`GEOSEARCH` with the `BYRADIUS` argument'],
  [
    'GEORADIUSBYMEMBER',
    '6.2.0',
    '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments',
  ],
])('%s is told to be deprecated since %s, in favour of %s', (command, since, replacement) => {
  const [, fields] = world.ask(['COMMAND', 'DOCS', command]) as [string, Reply[]]
  expect(mapOf(fields)).toMatchObject({
    doc_flags: ['deprecated'],
    deprecated_since: since,
    replaced_by: replacement,
  })
})

test.each(['GET', 'ZRANGE', 'REPLICAOF'])('%s is not deprecated', command => {
  const [, fields] = world.ask(['COMMAND', 'DOCS', command]) as [string, Reply[]]
  expect(mapOf(fields)).not.toHaveProperty('doc_flags')
})
