import { expect, test } from 'vitest'
import { aclCategories } from '../../../server/engine/acl-categories.js'
import { command, container, type CommandOptions, subcommand } from '../../../server/engine/command.js'

function categories(options: Partial<CommandOptions<Record<string, never>>>): string[] {
  const declared = command('TEST', {
    does: '',
    since: '1.0.0',
    group: 'server',
    run: () => undefined,
    ...options,
  })
  return [...aclCategories(declared)].sort()
}

test('every command is fast or slow', () => {
  expect(categories({})).toEqual(['slow'])
  expect(categories({ flags: ['fast'] })).toEqual(['fast'])
})

test('flags imply categories', () => {
  expect(categories({ flags: ['write', 'blocking'] })).toEqual(['blocking', 'slow', 'write'])
  expect(categories({ flags: ['admin', 'pubsub'] })).toEqual(['admin', 'dangerous', 'pubsub', 'slow'])
})

test('the group implies one', () => {
  expect(categories({ group: 'sorted-set', flags: ['readonly'] })).toEqual(['read', 'slow', 'sortedset'])
})

test('a subject of its own takes the place of the group’s', () => {
  expect(categories({ group: 'generic', acl: ['list', 'dangerous'] })).toEqual(['dangerous', 'list', 'slow'])
  expect(categories({ group: 'generic', acl: ['dangerous'] })).toEqual(['dangerous', 'keyspace', 'slow'])
})

test('scripts that read are not among the reading commands', () => {
  expect(categories({ group: 'scripting', flags: ['readonly'] })).toEqual(['scripting', 'slow'])
})

test('a container is only slow', () => {
  const sub = subcommand('SUB', { does: '', since: '1.0.0', group: 'string', run: () => undefined })
  const whole = container('WHOLE', { does: '', since: '1.0.0', group: 'string' }, [sub])
  expect([...aclCategories(whole)]).toEqual(['slow'])
  expect([...aclCategories(sub)].sort()).toEqual(['slow', 'string'])
})
