import { expect, it } from 'vitest'
import { otherServer, sentinelScript, serverScript } from './server-command.js'

it('becomes the server, so that the suite knows its pid', () => {
  expect(serverScript('/usr/bin/redis-server')).toBe('#!/bin/sh\nexec /usr/bin/redis-server "$@"\n')
})

it('starts a sentinel from its configuration file', () => {
  expect(sentinelScript('node main.js')).toContain('exec node main.js "$config" --sentinel "$@"')
})

it('makes the command of another server absolute', () => {
  const command = otherServer('sh tests/conformance/run.ts --flag')('/nowhere')
  expect(command).toMatch(/^\/\S+\/sh \/\S+\/tests\/conformance\/run\.ts --flag$/)
})
