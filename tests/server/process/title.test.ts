import { expect, test } from 'vitest'
import { Config } from '../../../server/config/config.js'
import { processTitle } from '../../../server/process/title.js'

function title(settings: string, configFile = ''): string {
  const config = new Config()
  config.load(settings, () => [])
  return processTitle(config, { program: 'redstart', configFile })
}

test('it shows the first address and the port', () => {
  expect(title('port 7000')).toBe('redstart *:7000')
  expect(title('port 7000\nbind 127.0.0.1 ::1')).toBe('redstart 127.0.0.1:7000')
})

test('without a port it shows the unix socket', () => {
  expect(title('port 0\nunixsocket /tmp/redis.sock')).toBe('redstart /tmp/redis.sock')
})

test('every variable of the template is filled in', () => {
  const template = 'TEST {title} {listen-addr} {port} {tls-port} {unixsocket} {config-file} {server-mode} {{'
  expect(title(`port 7000\nunixsocket /s\nproc-title-template "${template}"`, '/etc/redis.conf')).toBe(
    'TEST redstart *:7000 7000 0 /s /etc/redis.conf  {',
  )
})
