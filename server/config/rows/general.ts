import { accepted, works } from '../directive.js'
import { titleTemplate } from '../kinds/names.js'
import { count, heldInteger, INT_MAX, integer } from '../kinds/number.js'
import { oneOf, someOf, text, yesNo } from '../kinds/word.js'
import { checked } from '../kind.js'

const facilities = [
  'user',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const

const onSignal = checked(someOf('default', ['save', 'nosave', 'now', 'force']), options =>
  options.includes('save') && options.includes('nosave')
    ? "shutdown options SAVE and NOSAVE can't be used simultaneously"
    : null,
)

const readiness = oneOf(['upstart', 'systemd', 'auto', 'no'])
const level = oneOf(['debug', 'verbose', 'notice', 'warning', 'nothing'])
const format = oneOf(['legacy', 'logfmt', 'json'])
const title = '{title} {listen-addr} {server-mode}'

export const general = [
  works('daemonize', yesNo, false, 'Run in the background.', 'immutable'),
  works('supervised', readiness, 'no', 'Who is told that the server is ready.', 'immutable'),
  works('pidfile', text, '', 'File that holds the process id while the server runs.', 'immutable'),
  works('loglevel', level, 'notice', 'The least that is logged.'),
  works('logfile', text, '', 'File to log to; empty is standard output.', 'immutable'),
  accepted('log-format', format, 'legacy', 'Form of the lines of the log.'),
  accepted('hide-user-data-from-log', yesNo, false, 'Keep keys and values out of the log.'),
  accepted('syslog-enabled', yesNo, false, 'Log to the system log as well.', 'immutable'),
  accepted('syslog-ident', text, 'redis', 'Name in the system log.', 'immutable'),
  accepted('syslog-facility', oneOf(facilities), 'local0', 'Facility of the system log.', 'immutable'),
  accepted('crash-log-enabled', yesNo, true, 'Write a report when the process crashes.'),
  accepted('crash-memcheck-enabled', yesNo, true, 'Test memory as part of a crash report.'),
  accepted('use-exit-on-panic', yesNo, false, 'Exit, rather than abort, after a failed assertion.', 'hidden'),
  works('databases', integer(1, INT_MAX), 16, 'How many databases SELECT can choose from.', 'immutable'),
  accepted('always-show-logo', yesNo, false, 'Show the logo even when the log is no terminal.', 'immutable'),
  accepted('set-proc-title', yesNo, true, 'Show what the server does in its process title.', 'immutable'),
  accepted('proc-title-template', titleTemplate, title, 'Process title.'),
  accepted('locale-collate', text, '', 'Locale by which SORT ALPHA orders.'),
  accepted('ignore-warnings', text, '', 'Warnings about the system not to give.'),
  works('hz', heldInteger(1, 500), 10, 'Rounds of background work per second.'),
  works('dynamic-hz', yesNo, true, 'Do more rounds when there are many clients.'),
  accepted('watchdog-period', count, 0, 'Milliseconds after which a stuck server reports.', 'hidden'),
  works('shutdown-timeout', count, 10, 'Seconds a shutdown waits for replicas.'),
  works('shutdown-on-sigint', onSignal, [], 'Options of SHUTDOWN on SIGINT.'),
  works('shutdown-on-sigterm', onSignal, [], 'Options of SHUTDOWN on SIGTERM.'),
] as const
