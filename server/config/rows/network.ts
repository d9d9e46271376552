import { accepted, works } from '../directive.js'
import { addresses } from '../kinds/lists.js'
import { count, integer, octal, port, UINT_MAX } from '../kinds/number.js'
import { oneOf, text, yesNo } from '../kinds/word.js'

/** Who may be let near a dangerous command: nobody, everybody, or clients of this machine. */
const permission = oneOf(['no', 'yes', 'local'])

export const network = [
  works('bind', addresses, ['*', '-::*'], 'Addresses to listen on; a leading `-` forgives a missing one.'),
  works('bind-source-addr', text, '', 'Local address of outgoing connections.'),
  works('port', port, 6379, 'TCP port to listen on; 0 listens on none.'),
  works('tcp-backlog', count, 511, 'Connections that may wait to be accepted.', 'immutable'),
  works('unixsocket', text, '', 'Path of a Unix socket to listen on.', 'immutable'),
  works('unixsocketperm', octal(0o777), 0, 'Permissions of the socket; 0 leaves them alone.', 'immutable'),
  works('timeout', count, 0, 'Seconds after which an idle client is closed; 0 is never.'),
  works('tcp-keepalive', count, 300, 'Seconds between TCP keepalive probes; 0 sends none.'),
  works('protected-mode', yesNo, true, 'Refuse other machines while the default user has no password.'),
  works('enable-protected-configs', permission, 'no', 'Who may set protected directives.', 'immutable'),
  works('enable-debug-command', permission, 'no', 'Who may use DEBUG.', 'immutable'),
  works('enable-module-command', permission, 'no', 'Who may use MODULE.', 'immutable'),
  accepted('socket-mark-id', integer(0, UINT_MAX), 0, 'Mark of sockets for routing.', 'immutable'),
  accepted('max-new-connections-per-cycle', integer(1, 1000), 10, 'Connections accepted in one turn.'),
  accepted('max-new-tls-connections-per-cycle', integer(1, 1000), 1, 'TLS connections accepted in one turn.'),
] as const
