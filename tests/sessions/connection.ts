import {
  after,
  any,
  by,
  error,
  errorLike,
  matches,
  next,
  nothing,
  type SessionTable,
  table,
} from '../support/session.js'

const SYNTAX = error('ERR syntax error')
const WRONG_PASS = error('WRONGPASS invalid username-password pair or user is disabled.')
const NO_AUTH = error('NOAUTH Authentication required.')
const BAD_NAME = error('ERR Client names cannot contain spaces, newlines or special characters.')

/** A line of CLIENT LIST that has all these fields. */
const line = (...fields: readonly string[]) =>
  matches(
    reply => typeof reply === 'string' && fields.every(field => reply.split(/[ \n]/).includes(field)),
    `a line with ${fields.join(' ')}`,
  )

/** A line of MONITOR with these words. */
const shown = (words: string, db = 0) =>
  matches(
    reply =>
      typeof reply === 'string' &&
      /^\d+\.\d{6} \[\d+ .*?\] /.test(reply) &&
      reply.endsWith(` ${words}`) &&
      reply.includes(` [${db} `),
    `a line of MONITOR with ${words}`,
  )

export const connection: readonly SessionTable[] = [
  table('PING and ECHO', [
    ['PING', 'PONG'],
    ['PING hello', 'hello'],
    ['PING hello redis', error("ERR wrong number of arguments for 'ping' command")],
    ['ECHO "a b"', 'a b'],
    ['ECHO', error("ERR wrong number of arguments for 'echo' command")],
    ['ECHO a b', error("ERR wrong number of arguments for 'echo' command")],
  ]),

  table(
    'HELLO without arguments tells who we are',
    [
      ['HELLO', matches(reply => Array.isArray(reply) && reply.length === 14 && reply[0] === 'server')],
      [
        'HELLO 3',
        matches(reply => reply instanceof Map && reply.get('server') === 'redis' && reply.get('proto') === 3),
      ],
      ['HELLO', matches(reply => reply instanceof Map && reply.get('role') === 'master')],
      ['HELLO 2', matches(reply => Array.isArray(reply) && reply[5] === 2)],
    ],
    { differs: 'it says which version it is' },
  ),

  table('HELLO refuses what it does not know', [
    ['HELLO 4', error('NOPROTO unsupported protocol version')],
    ['HELLO 1', error('NOPROTO unsupported protocol version')],
    ['HELLO three', error('ERR Protocol version is not an integer or out of range')],
    ['HELLO 3 FOO', error("ERR Syntax error in HELLO option 'FOO'")],
    ['HELLO 3 AUTH x', error("ERR Syntax error in HELLO option 'AUTH'")],
    ['HELLO 3 SETNAME', error("ERR Syntax error in HELLO option 'SETNAME'")],
    ['HELLO 3 SETNAME "a b"', BAD_NAME],
    ['HELLO 3 AUTH nobody x', WRONG_PASS],
    ['GET missing', null],
  ]),

  table(
    'HELLO does everything or nothing',
    [
      ['HELLO 3 SETNAME me AUTH default wrong', WRONG_PASS],
      ['CLIENT GETNAME', NO_AUTH],
      ['HELLO 3 SETNAME me AUTH default secret', any],
      ['CLIENT GETNAME', 'me'],
    ],
    { config: { requirepass: 'secret' }, since: '7.2' },
  ),

  table('AUTH where no password is asked for', [
    [
      'AUTH x',
      error(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your ' +
          'configuration is correct?',
      ),
    ],
    ['AUTH default x', 'OK'],
    ['AUTH nobody x', WRONG_PASS],
    ['AUTH a b c', SYNTAX],
    ['AUTH', error("ERR wrong number of arguments for 'auth' command")],
  ]),

  table(
    'a password keeps strangers out',
    [
      ['SET foo bar', NO_AUTH],
      ['PING', NO_AUTH],
      ['AUTH wrong', WRONG_PASS],
      ['AUTH default wrong', WRONG_PASS],
      ['HELLO 3', errorLike('NOAUTH HELLO must be called with the client already authenticated')],
      ['AUTH secret', 'OK'],
      ['SET foo 100', 'OK'],
      ['RESET', 'RESET'],
      ['GET foo', NO_AUTH],
      ['AUTH default secret', 'OK'],
      ['GET foo', '100'],
      ['AUTH wrong', WRONG_PASS],
      ['GET foo', '100'],
    ],
    { config: { requirepass: 'secret' } },
  ),

  table('names of connections', [
    ['CLIENT GETNAME', null],
    ['CLIENT SETNAME "foo bar"', BAD_NAME],
    ['CLIENT SETNAME me', 'OK'],
    ['CLIENT GETNAME', 'me'],
    ['CLIENT SETNAME ""', 'OK'],
    ['CLIENT GETNAME', null],
    ['CLIENT SETNAME me', 'OK'],
    ['RESET', 'RESET'],
    ['CLIENT GETNAME', null],
  ]),

  table(
    'CLIENT SETINFO',
    [
      ['CLIENT SETINFO lib-name redis-py', 'OK'],
      ['CLIENT SETINFO LIB-VER 1.2.3', 'OK'],
      [
        'CLIENT SETINFO lib-ver "a b"',
        error('ERR lib-ver cannot contain spaces, newlines or special characters.'),
      ],
      ['CLIENT SETINFO library x', error("ERR Unrecognized option 'library'")],
      ['CLIENT INFO', line('lib-name=redis-py', 'lib-ver=1.2.3')],
      ['RESET', 'RESET'],
      ['CLIENT INFO', line('lib-name=redis-py', 'lib-ver=1.2.3')],
    ],
    { since: '7.2' },
  ),

  table('CLIENT INFO shows the state of the client', [
    [
      'CLIENT INFO',
      line('name=', 'flags=N', 'db=0', 'multi=-1', 'cmd=client|info', 'user=default', 'redir=-1', 'resp=2'),
    ],
    ['SELECT 3', 'OK'],
    ['CLIENT SETNAME me', 'OK'],
    ['CLIENT INFO', line('name=me', 'db=3')],
    ['CLIENT NO-EVICT on', 'OK'],
    ['CLIENT INFO', line('flags=e')],
    ['CLIENT NO-EVICT off', 'OK'],
    ['CLIENT INFO', line('flags=N')],
    ['CLIENT NO-EVICT maybe', SYNTAX],
    ['WATCH x', 'OK'],
    ['SET x 1', 'OK'],
    ['CLIENT INFO', line('flags=d')],
    ['MULTI', 'OK'],
    [by('b', 'CLIENT LIST'), line('flags=xd', 'multi=0')],
  ]),

  table('CLIENT LIST and its filters', [
    ['CLIENT SETNAME first', 'OK'],
    [by('b', 'CLIENT SETNAME second'), 'OK'],
    ['CLIENT LIST', line('name=first', 'name=second')],
    ['CLIENT LIST TYPE normal', line('name=first', 'name=second')],
    ['CLIENT LIST TYPE pubsub', ''],
    ['CLIENT LIST TYPE', SYNTAX],
    ['CLIENT LIST TYPE no-such', error("ERR Unknown client type 'no-such'")],
    ['CLIENT LIST ID', SYNTAX],
    ['CLIENT LIST ID x', error('ERR Invalid client ID')],
    ['CLIENT LIST ID 1 x', error('ERR Invalid client ID')],
    ['CLIENT LIST ID 99999', ''],
    ['CLIENT LIST NO-SUCH', SYNTAX],
  ]),

  table(
    "CLIENT LIST with Valkey's filters",
    [
      ['CLIENT SETNAME first', 'OK'],
      [by('b', 'CLIENT SETNAME second'), 'OK'],
      ['CLIENT LIST NAME second', line('name=second')],
      ['CLIENT LIST NOT-NAME second DB 0', line('name=first')],
      ['CLIENT LIST NAME first NAME second', ''],
      ['CLIENT LIST IDLE 10', ''],
      ['CLIENT LIST SKIPME yes', line('name=second')],
    ],
    { since: 'Valkey 9.0' },
  ),

  table('CLIENT KILL refuses what it does not know', [
    ['CLIENT KILL', error("ERR wrong number of arguments for 'client|kill' command")],
    ['CLIENT KILL 1.2.3.4:5', error('ERR No such client')],
    ['CLIENT KILL id 10 wrong', SYNTAX],
    ['CLIENT KILL id str', error('ERR client-id should be greater than 0')],
    ['CLIENT KILL id -1', error('ERR client-id should be greater than 0')],
    ['CLIENT KILL id 0', error('ERR client-id should be greater than 0')],
    ['CLIENT KILL id 0 wrong', error('ERR client-id should be greater than 0')],
    ['CLIENT KILL id 99999', 0],
    ['CLIENT KILL type wrong', error("ERR Unknown client type 'wrong'")],
    ['CLIENT KILL user wrong', error("ERR No such user 'wrong'")],
    ['CLIENT KILL skipme maybe', SYNTAX],
  ]),

  table(
    'CLIENT KILL MAXAGE',
    [
      ['CLIENT KILL MAXAGE 0', error('ERR maxage should be greater than 0')],
      ['CLIENT KILL MAXAGE x', error('ERR maxage is not an integer or out of range')],
      ['CLIENT KILL MAXAGE 1000', 0],
    ],
    { since: '7.4' },
  ),

  table('CLIENT KILL by type spares the one who asks, unless told otherwise', [
    ['PING', 'PONG'],
    [by('b', 'PING'), 'PONG'],
    ['CLIENT KILL TYPE normal', 1],
    ['CLIENT KILL TYPE normal', 0],
    ['CLIENT KILL SKIPME no', 1],
  ]),

  table('CLIENT REPLY OFF and ON', [
    ['CLIENT REPLY off', nothing],
    ['PING', nothing],
    ['NO-SUCH', nothing],
    ['GET', nothing],
    ['CLIENT REPLY on', 'OK'],
    ['PING again', 'again'],
    ['CLIENT REPLY off', nothing],
    ['RESET', 'RESET'],
    ['PING', 'PONG'],
    ['CLIENT REPLY maybe', SYNTAX],
  ]),

  table('CLIENT REPLY SKIP leaves out exactly one reply', [
    ['CLIENT REPLY skip', nothing],
    ['PING one', nothing],
    ['PING two', 'two'],
    ['CLIENT REPLY skip', nothing],
    ['NO-SUCH', nothing],
    ['PING two', 'two'],
    ['CLIENT REPLY skip', nothing],
    ['CLIENT REPLY skip', nothing],
    ['PING', nothing],
    ['PING', 'PONG'],
    ['CLIENT REPLY skip', nothing],
    ['CLIENT REPLY on', 'OK'],
    ['PING', 'PONG'],
  ]),

  table('CLIENT REPLY SKIP outlasts a pause', [
    ['CLIENT REPLY skip', nothing],
    [by('b', 'CLIENT PAUSE 100000 WRITE'), 'OK'],
    ['SET x 1', nothing],
    [by('b', 'CLIENT UNPAUSE'), 'OK'],
    ['GET x', '1'],
  ]),

  table('CLIENT UNBLOCK, GETREDIR, CAPA', [
    ['CLIENT UNBLOCK 99999', 0],
    ['CLIENT UNBLOCK x', error('ERR value is not an integer or out of range')],
    ['CLIENT UNBLOCK 1 now', error('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR')],
    [
      'CLIENT UNBLOCK 1 TIMEOUT now',
      error("ERR unknown subcommand or wrong number of arguments for 'UNBLOCK'. Try CLIENT HELP."),
    ],
    ['CLIENT GETREDIR', -1],
    ['CLIENT CAPA redirect whatever', 'OK', { since: 'Valkey 8.0' }],
    ['CLIENT NO-TOUCH on', 'OK', { since: '7.2' }],
  ]),

  table(
    'CLIENT NO-TOUCH leaves the age of keys alone',
    [
      ['SET x 1', 'OK'],
      [after(10_000)],
      ['CLIENT NO-TOUCH on', 'OK'],
      ['GET x', '1'],
      ['OBJECT IDLETIME x', 10],
      ['TOUCH x', 1],
      ['OBJECT IDLETIME x', 0],
      [after(10_000)],
      ['CLIENT NO-TOUCH off', 'OK'],
      ['GET x', '1'],
      ['OBJECT IDLETIME x', 0],
      ['CLIENT NO-TOUCH maybe', SYNTAX],
    ],
    { since: '7.2' },
  ),

  table('CLIENT PAUSE ALL keeps everything, and UNPAUSE must wait too', [
    ['CLIENT PAUSE 1000', 'OK'],
    [by('b', 'PING'), nothing],
    [by('c', 'GET x'), nothing],
    [by('d', 'GET'), error("ERR wrong number of arguments for 'get' command")],
  ]),

  table('CLIENT PAUSE WRITE keeps writes, in the order in which they came', [
    ['CLIENT PAUSE 100000 WRITE', 'OK'],
    [by('b', 'SET x 1'), nothing],
    [by('c', 'APPEND x 2'), nothing],
    ['GET x', null],
    ['CLIENT UNPAUSE', 'OK'],
    [next('b'), 'OK'],
    [next('c'), 2],
    ['GET x', '12'],
  ]),

  table('EXEC with writes waits, EXEC with reads does not', [
    ['MULTI', 'OK'],
    ['GET x', 'QUEUED'],
    [by('b', 'MULTI'), 'OK'],
    [by('b', 'SET x 1'), 'QUEUED'],
    [by('c', 'CLIENT PAUSE 100000 WRITE'), 'OK'],
    ['EXEC', [null]],
    [by('b', 'EXEC'), nothing],
    [by('c', 'CLIENT UNPAUSE'), 'OK'],
    [next('b'), ['OK']],
  ]),

  table('a pause begins at the end of the transaction that asks for it', [
    ['MULTI', 'OK'],
    ['CLIENT PAUSE 100000 WRITE', 'QUEUED'],
    ['SET x 1', 'QUEUED'],
    ['EXEC', ['OK', 'OK']],
    [by('b', 'SET x 2'), nothing],
    ['GET x', '1'],
    ['CLIENT UNPAUSE', 'OK'],
    [next('b'), 'OK'],
  ]),

  table('CLIENT PAUSE refuses what it does not know', [
    ['CLIENT PAUSE x', error('ERR timeout is not an integer or out of range')],
    ['CLIENT PAUSE -1', error('ERR timeout is negative')],
    ['CLIENT PAUSE 1 SOME', error('ERR CLIENT PAUSE mode must be WRITE or ALL')],
    [
      'CLIENT PAUSE 1 ALL NOW',
      error("ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP."),
    ],
    ['CLIENT UNPAUSE', 'OK'],
  ]),

  table('MONITOR shows what runs, but nothing secret', [
    [by('m', 'MONITOR'), 'OK'],
    ['SET foo "a\\nb"', 'OK'],
    [next('m'), shown('"SET" "foo" "a\\nb"')],
    ['AUTH nobody secret', WRONG_PASS],
    [next('m'), shown('"AUTH" "(redacted)" "(redacted)"')],
    ['HELLO 2 AUTH nobody secret', WRONG_PASS],
    [next('m'), shown('"HELLO" "2" "AUTH" "(redacted)" "(redacted)"')],
    ['CLIENT LIST', any],
    ['SELECT 5', 'OK'],
    [next('m'), shown('"SELECT" "5"', 5)],
    [by('m', 'GET foo'), error("ERR Replica can't interact with the keyspace")],
    [by('m', 'MONITOR'), nothing],
    [by('m', 'RESET'), 'RESET'],
    ['GET foo', null],
    [by('m', 'GET foo'), 'a\nb'],
  ]),

  table('MONITOR shows a transaction as it runs', [
    [by('m', 'MONITOR'), 'OK'],
    ['MULTI', 'OK'],
    [next('m'), shown('"MULTI"')],
    ['SET foo bar', 'QUEUED'],
    ['EXEC', ['OK']],
    [next('m'), shown('"SET" "foo" "bar"')],
    [next('m'), shown('"EXEC"')],
    ['MULTI', 'OK'],
    [next('m'), shown('"MULTI"')],
    ['SYNTAX error', errorLike('ERR unknown command')],
    ['EXEC', errorLike('EXECABORT')],
    [next('m'), shown('"EXEC"')],
  ]),
]
