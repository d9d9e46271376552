import { describe, expect, test } from 'vitest'
import { infoText } from '../../../../server/commands/server/info/info.js'
import type { Part } from '../../../../server/engine/part.js'
import { parts } from '../../../../server/parts.js'
import { testEngine } from '../../../support/engine.js'

/** INFO as tools read it: the fields of each section. */
function parsed(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  for (const section of text.split('\r\n\r\n')) {
    const [heading, ...lines] = section.split('\r\n').filter(line => line !== '')
    const fields = lines.map(
      line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const,
    )
    sections.set(heading.slice(2), new Map(fields))
  }
  return sections
}

describe('INFO', () => {
  test('is lines that tools can parse, all of them name and value', () => {
    const text = infoText(testEngine().engine, ['everything'])
    for (const line of text.split('\r\n')) expect(line).toMatch(/^(|# [A-Z]\w*|[\w|-]+:.*)$/)
  })

  test('says who we are', () => {
    const fields = parsed(infoText(testEngine().engine, ['server'])).get('Server')
    expect(fields?.get('redis_version')).toBe('7.4.2')
    expect(fields?.get('server_name')).toBe('redstart')
    expect(fields?.get('run_id')).toMatch(/^[0-9a-f]{40}$/)
  })

  test('has the sections in the order that tools expect', () => {
    const sections = [...parsed(infoText(testEngine().engine)).keys()]
    expect(sections).toEqual([
      'Server',
      'Clients',
      'Memory',
      'Persistence',
      'Stats',
      'Replication',
      'CPU',
      'Modules',
      'Errorstats',
      'Cluster',
      'Keyspace',
    ])
  })

  test('counts time since the start', () => {
    const world = testEngine()
    world.advance(90_000_500)
    const fields = parsed(infoText(world.engine, ['server'])).get('Server')
    expect(fields?.get('uptime_in_seconds')).toBe('90000')
    expect(fields?.get('uptime_in_days')).toBe('1')
  })

  test('measures what happens now', () => {
    const world = testEngine()
    for (let i = 0; i < 40; i++) {
      for (let each = 0; each < 10; each++) world.ask('PING')
      world.advance(100)
    }
    const fields = parsed(infoText(world.engine, ['stats'])).get('Stats')
    expect(Number(fields?.get('instantaneous_ops_per_sec'))).toBe(100)
  })

  test('lets a later room say more of a section', () => {
    const knowing: Part = {
      name: 'knowing',
      info: [{ name: 'replication', default: true, fields: () => [['connected_slaves', 2], ['slave0', 'x']] }], // prettier-ignore
    }
    const world = testEngine({ parts: [...parts, knowing] })
    const text = infoText(world.engine, ['replication'])
    const fields = parsed(text).get('Replication')
    expect(text).toMatch(/^# Replication\r\nrole:master\r\nconnected_slaves:2\r\n/)
    expect([...(fields?.keys() ?? [])].at(-1)).toBe('slave0')
  })
})

describe('INFO memory', () => {
  test('agrees with MEMORY STATS', () => {
    const world = testEngine()
    world.ask(['SET', 'key', 'x'.repeat(1000)])
    const info = parsed(infoText(world.engine, ['memory'])).get('Memory')
    const stats = world.ask('MEMORY STATS') as readonly (string | number)[]
    expect(stats[stats.indexOf('total.allocated') + 1]).toBe(Number(info?.get('used_memory')))
    expect(stats[stats.indexOf('dataset.bytes') + 1]).toBe(Number(info?.get('used_memory_dataset')))
    expect(stats[stats.indexOf('peak.allocated') + 1]).toBe(Number(info?.get('used_memory_peak')))
  })
})
