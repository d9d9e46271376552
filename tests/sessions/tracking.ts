import { after, any, by, error, next, nothing, type SessionTable, table } from '../support/session.js'
import { Push } from '../support/reply.js'

const stale = (...keys: string[]): Push => new Push(['invalidate', keys])
const allStale = new Push(['invalidate', null])
const tracked = (flags: readonly string[], redirect: number, prefixes: readonly string[] = []) =>
  new Map<string, string[] | number | Set<string>>([
    ['flags', new Set(flags)],
    ['redirect', redirect],
    ['prefixes', [...prefixes]],
  ])

export const tracking: readonly SessionTable[] = [
  table(
    'CLIENT TRACKING tells once of a key that was read',
    [
      ['CLIENT TRACKING ON', 'OK'],
      [by('b', 'MSET read 1 unread 1'), 'OK'],
      ['GET read', '1'],
      [by('b', 'INCR unread'), 2],
      [by('b', 'INCR read'), 2],
      [next(), stale('read')],
      [by('b', 'INCR read'), 3],
      ['MGET read none', ['3', null]],
      [by('b', 'DEL none'), 0],
      [by('b', 'SET none 1'), 'OK'],
      [next(), stale('none')],
      ['CLIENT TRACKING OFF', 'OK'],
      [by('b', 'INCR read'), 4],
      ['PING', 'PONG'],
    ],
    { resp: 3 },
  ),

  table(
    'a write remembers nothing, whatever it answers',
    [
      ['CLIENT TRACKING ON', 'OK'],
      ['SET key 1 GET', null],
      ['INCR key', 2],
      [by('b', 'INCR key'), 3],
      ['PING', 'PONG'],
    ],
    { resp: 3 },
  ),

  table(
    'a client hears of its own change behind the reply, and of those of a transaction behind EXEC',
    [
      ['CLIENT TRACKING ON', 'OK'],
      ['MSET a 1 b 1', 'OK'],
      ['MGET a b', ['1', '1']],
      ['INCR a', 2],
      [next(), stale('a')],
      ['MULTI', 'OK'],
      ['INCR b', 'QUEUED'],
      ['GET b', 'QUEUED'],
      ['INCR b', 'QUEUED'],
      ['FLUSHDB', 'QUEUED'],
      ['EXEC', [2, '2', 3, 'OK']],
      [next(), stale('b')],
      [next(), stale('b')],
      [next(), allStale],
      ['PING', 'PONG'],
    ],
    { resp: 3 },
  ),

  table(
    'with NOLOOP a client does not hear of its own changes',
    [
      ['CLIENT TRACKING ON NOLOOP', 'OK'],
      ['MGET a b', [null, null]],
      ['SET a 1', 'OK'],
      [by('b', 'SET b 1'), 'OK'],
      [next(), stale('b')],
      [by('b', 'SET a 1'), 'OK'],
      ['PING', 'PONG'],
      ['CLIENT TRACKINGINFO', tracked(['on', 'noloop'], 0)],
    ],
    { resp: 3 },
  ),

  table(
    'FLUSHALL and FLUSHDB make all keys stale, also where there were none',
    [
      ['CLIENT TRACKING ON', 'OK'],
      [by('b', 'FLUSHALL'), 'OK'],
      [next(), allStale],
      [by('b', 'SET x 1'), 'OK'],
      [by('b', 'SELECT 1'), 'OK'],
      [by('b', 'SET x 1'), 'OK'],
      [by('b', 'FLUSHALL ASYNC'), 'OK'],
      [next(), allStale],
      [by('b', 'FLUSHDB'), 'OK'],
      [next(), allStale],
      ['FLUSHDB', 'OK'],
      [next(), allStale],
      ['PING', 'PONG'],
    ],
    { resp: 3 },
  ),

  table(
    'SWAPDB makes all keys stale',
    [
      ['CLIENT TRACKING ON', 'OK'],
      ['SET x 1', 'OK'],
      ['GET x', '1'],
      ['SWAPDB 0 1', 'OK'],
      [next(), allStale],
      ['GET x', null],
    ],
    { resp: 3, differs: 'Redis tells nobody, who then goes on to use values of the other database' },
  ),

  table(
    'OPTIN remembers what is read behind CLIENT CACHING YES',
    [
      ['CLIENT TRACKING ON OPTIN', 'OK'],
      ['GET a', null],
      ['CLIENT CACHING yes', 'OK'],
      ['CLIENT TRACKINGINFO', tracked(['on', 'optin', 'caching-yes'], 0)],
      ['GET b', null],
      ['GET c', null],
      ['CLIENT TRACKINGINFO', tracked(['on', 'optin'], 0)],
      ['CLIENT CACHING YES', 'OK'],
      ['MULTI', 'OK'],
      ['GET d', 'QUEUED'],
      ['GET e', 'QUEUED'],
      ['EXEC', [null, null]],
      ['GET f', null],
      [by('b', 'MSET a 1 c 1 f 1'), 'OK'],
      [by('b', 'MSET b 1 d 1 e 1'), 'OK'],
      [next(), stale('b')],
      [next(), stale('d')],
      [next(), stale('e')],
      [
        'CLIENT CACHING NO',
        error('ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.'),
      ],
      ['CLIENT CACHING maybe', error('ERR syntax error')],
    ],
    { resp: 3 },
  ),

  table(
    'OPTOUT remembers all but what is read behind CLIENT CACHING NO, which a refused command uses up',
    [
      ['CLIENT TRACKING ON OPTOUT', 'OK'],
      ['GET a', null],
      ['CLIENT CACHING NO', 'OK'],
      ['CLIENT TRACKINGINFO', tracked(['on', 'optout', 'caching-no'], 0)],
      ['GET b', null],
      ['CLIENT CACHING NO', 'OK'],
      ['NONSENSE', error("ERR unknown command 'NONSENSE', with args beginning with: ")],
      ['GET c', null],
      ['CLIENT CACHING NO', 'OK'],
      ['EXEC', error('ERR EXEC without MULTI')],
      ['GET d', null],
      [by('b', 'MSET a 1 b 1 c 1 d 1'), 'OK'],
      [next(), stale('a')],
      [next(), stale('c')],
      [next(), stale('d')],
      [
        'CLIENT CACHING YES',
        error('ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.'),
      ],
    ],
    { resp: 3 },
  ),

  table(
    'BCAST tells of all keys, and of those of one command or transaction in one message',
    [
      ['CLIENT TRACKING ON BCAST', 'OK'],
      ['CLIENT TRACKINGINFO', tracked(['on', 'bcast'], 0, [''])],
      [by('b', 'MSET c 1 a 1 b 1'), 'OK'],
      [next(), stale('a', 'b', 'c')],
      [by('b', 'MULTI'), 'OK'],
      [by('b', 'INCR b'), 'QUEUED'],
      [by('b', 'DEL a'), 'QUEUED'],
      [by('b', 'INCR b'), 'QUEUED'],
      [by('b', 'EXEC'), [2, 1, 3]],
      [next(), stale('a', 'b')],
      ['SET own 1', 'OK'],
      [next(), stale('own')],
    ],
    { resp: 3 },
  ),

  table(
    'BCAST with prefixes has a message for each, and more prefixes may follow',
    [
      ['CLIENT TRACKING ON BCAST PREFIX user: PREFIX item:', 'OK'],
      [by('b', 'MSET user:1 x item:2 x user:3 x other x use x'), 'OK'],
      [next(), stale('item:2')],
      [next(), stale('user:1', 'user:3')],
      ['CLIENT TRACKING ON BCAST PREFIX o NOLOOP', 'OK'],
      ['CLIENT TRACKINGINFO', tracked(['on', 'bcast', 'noloop'], 0, ['item:', 'o', 'user:'])],
      [by('b', 'SET other x'), 'OK'],
      [next(), stale('other')],
      ['SET other x', 'OK'],
      [by('b', 'APPEND use x'), 2],
      ['CLIENT TRACKING OFF', 'OK'],
      [by('b', 'APPEND other x'), 2],
      ['PING', 'PONG'],
    ],
    { resp: 3 },
  ),

  table(
    'prefixes of one client do not overlap',
    [
      [
        'CLIENT TRACKING ON BCAST PREFIX FOOBAR PREFIX FOO',
        error(
          "ERR Prefix 'FOOBAR' overlaps with another provided prefix 'FOO'. Prefixes for a single client must not overlap.",
        ),
      ],
      ['CLIENT TRACKING ON BCAST PREFIX FOO PREFIX BAR', 'OK'],
      [
        'CLIENT TRACKING ON BCAST PREFIX BARB',
        error(
          "ERR Prefix 'BARB' overlaps with an existing prefix 'BAR'. Prefixes for a single client must not overlap.",
        ),
      ],
      [
        'CLIENT TRACKING ON BCAST PREFIX FOO',
        error(
          "ERR Prefix 'FOO' overlaps with an existing prefix 'FOO'. Prefixes for a single client must not overlap.",
        ),
      ],
      [
        ['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', 'F\r\n', 'PREFIX', 'F'],
        error(
          "ERR Prefix 'F  ' overlaps with another provided prefix 'F'. Prefixes for a single client must not overlap.",
        ),
      ],
      ['CLIENT TRACKING ON BCAST', 'OK'],
      ['CLIENT TRACKINGINFO', tracked(['on', 'bcast'], 0, ['', 'BAR', 'FOO'])],
    ],
    { resp: 3 },
  ),

  table('CLIENT TRACKING refuses what does not go together', [
    ['CLIENT TRACKING', error("ERR wrong number of arguments for 'client|tracking' command")],
    ['CLIENT TRACKING maybe', error('ERR syntax error')],
    [
      'CLIENT TRACKING maybe REDIRECT 99999999',
      error('ERR The client ID you want redirect to does not exist'),
    ],
    ['CLIENT TRACKING ON REDIRECT', error('ERR syntax error')],
    ['CLIENT TRACKING ON REDIRECT x', error('ERR value is not an integer or out of range')],
    ['CLIENT TRACKING ON BCAST PREFIX', error('ERR syntax error')],
    ['CLIENT TRACKING ON FASTER', error('ERR syntax error')],
    ['CLIENT TRACKING ON PREFIX a', error('ERR PREFIX option requires BCAST mode to be enabled')],
    ['CLIENT TRACKING ON BCAST OPTIN', error('ERR OPTIN and OPTOUT are not compatible with BCAST')],
    ['CLIENT TRACKING ON OPTIN OPTOUT', error("ERR You can't specify both OPTIN mode and OPTOUT mode")],
    ['CLIENT TRACKING OFF BCAST PREFIX a OPTIN', 'OK'],
    [
      'CLIENT CACHING YES',
      error(
        'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
      ),
    ],
    ['CLIENT TRACKING on optin', 'OK'],
    [
      'CLIENT TRACKING ON OPTOUT',
      error(
        "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it " +
          'with a different mode.',
      ),
    ],
    [
      'CLIENT TRACKING ON BCAST',
      error(
        "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it " +
          'with a different mode.',
      ),
    ],
    ['CLIENT TRACKING ON', 'OK'],
    ['CLIENT TRACKING ON OPTOUT', 'OK'],
    ['CLIENT CACHING', error("ERR wrong number of arguments for 'client|caching' command")],
  ]),

  table(
    'CLIENT GETREDIR and TRACKINGINFO of who does not track',
    [
      ['CLIENT GETREDIR', -1],
      ['CLIENT TRACKINGINFO', tracked(['off'], -1)],
      ['CLIENT TRACKING ON', 'OK'],
      ['CLIENT GETREDIR', 0],
      ['CLIENT TRACKINGINFO', tracked(['on'], 0)],
      ['RESET', 'RESET'],
      ['CLIENT GETREDIR', -1],
      ['CLIENT TRACKINGINFO', ['flags', ['off'], 'redirect', -1, 'prefixes', []]],
    ],
    { resp: 3 },
  ),

  table('a RESP2 client that tracks hears nothing without redirection', [
    ['CLIENT TRACKING ON', 'OK'],
    ['GET a', null],
    [by('b', 'SET a 1'), 'OK'],
    [next(), nothing],
    ['PING', 'PONG'],
  ]),

  table(
    'CLIENT REPLY OFF silences no invalidations',
    [
      ['CLIENT TRACKING ON', 'OK'],
      ['GET a', null],
      ['CLIENT REPLY OFF', nothing],
      [by('b', 'SET a 1'), 'OK'],
      [next(), stale('a')],
      ['GET a', nothing],
      ['SET a 2', stale('a')],
      ['CLIENT REPLY ON', 'OK'],
    ],
    { resp: 3 },
  ),

  table(
    'a renamed, moved, copied or restored key is stale',
    [
      ['CLIENT TRACKING ON', 'OK'],
      [by('b', 'SET from 1'), 'OK'],
      ['MGET from to copy', ['1', null, null]],
      [by('b', 'COPY from copy'), 1],
      [next(), stale('copy')],
      [by('b', 'RENAME from to'), 'OK'],
      [next(), stale('from')],
      [next(), stale('to')],
      ['GET to', '1'],
      [by('b', 'MOVE to 1'), 1],
      [next(), stale('to')],
      ['TTL copy', -1],
      [by('b', 'EXPIRE copy 100'), 1],
      [next(), stale('copy')],
      ['EXISTS copy gone', 1],
      [by('b', 'PERSIST copy'), 1],
      [next(), stale('copy')],
      ['DUMP copy', any],
      [by('b', 'UNLINK copy gone'), 1],
      [next(), stale('copy')],
      ['PING', 'PONG'],
    ],
    { resp: 3 },
  ),

  table(
    'a key that is found expired is stale, also to who found it',
    [
      ['DEBUG SET-ACTIVE-EXPIRE 0', 'OK'],
      ['CLIENT TRACKING ON', 'OK'],
      [by('b', 'SET x 1 PX 20'), 'OK'],
      [by('b', 'SET y 1 PX 20'), 'OK'],
      ['MGET x y', ['1', '1']],
      [after(30)],
      [by('b', 'GET x'), null],
      [next(), stale('x')],
      ['MGET x y', [null, null]],
      [next(), stale('y')],
      ['DEBUG SET-ACTIVE-EXPIRE 1', 'OK'],
    ],
    { resp: 3, config: { 'enable-debug-command': 'yes' } },
  ),

  table(
    'a request that failed, however many keys it claimed, leaves nothing to track',
    [
      ['CLIENT TRACKING ON', 'OK'],
      [
        'SINTERCARD 9223372036854775807 a b',
        error("ERR Number of keys can't be greater than number of args"),
      ],
      ['ZUNION 4294967296 a b', error('ERR syntax error')],
      [
        'COMMAND GETKEYS ZUNION 9223372036854775807 a b',
        error('ERR Invalid arguments specified for command'),
      ],
      ['PING', 'PONG'],
    ],
    { resp: 3 },
  ),

  table(
    'a key of its own that is stale is told behind the messages of the change',
    [
      ['CONFIG SET notify-keyspace-events KA', 'OK'],
      ['PSUBSCRIBE __key*__:*', any],
      ['CLIENT TRACKING ON', 'OK'],
      ['GET k', null],
      ['SET k v', 'OK', { since: '7.2' }],
      [next(), any, { since: '7.2' }],
      [next(), stale('k'), { since: '7.2' }],
    ],
    { resp: 3 },
  ),
]
