import {
  after,
  between,
  by,
  error,
  errorLike,
  matches,
  next,
  nothing,
  type SessionTable,
  table,
  unordered,
} from '../support/session.js'
import type { Reply } from '../support/reply.js'

const NOT_INTEGER = error('ERR value is not an integer or out of range')
const NOT_INT = error('ERR value is out of range, value must between -2147483648 and 2147483647')
const NO_DATABASE = error('ERR DB index is out of range')
const SYNTAX = error('ERR syntax error')
const SAME = error('ERR source and destination objects are the same')

/** What SCAN answers when one step sees everything. */
const scanned = (...keys: string[]) =>
  matches(
    reply => JSON.stringify(sorted(reply)) === JSON.stringify(['0', [...keys].sort()]),
    `['0', [${keys.join()}]]`,
  )

function sorted(reply: Reply): unknown {
  if (!Array.isArray(reply)) return reply
  const [cursor, keys] = reply as [Reply, Reply[]]
  return [cursor, [...keys].sort()]
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

export const generic: readonly SessionTable[] = [
  table('DEL, UNLINK and EXISTS count keys', [
    ['MSET a 1 b 2 c 3', 'OK'],
    ['EXISTS a b nokey a', 3],
    ['DEL a nokey a', 1],
    ['UNLINK b c nokey', 2],
    ['EXISTS a b c', 0],
    ['DEL', error("ERR wrong number of arguments for 'del' command")],
  ]),

  table('TYPE and TOUCH', [
    ['SET s v', 'OK'],
    ['TYPE s', 'string'],
    ['TYPE nokey', 'none'],
    ['TOUCH s nokey s', 2],
  ]),

  table('RENAME', [
    ['SET a 1 EX 100', 'OK'],
    ['SET b 2', 'OK'],
    ['RENAME a b', 'OK'],
    ['GET b', '1'],
    ['TTL b', 100],
    ['EXISTS a', 0],
    ['SET c 3', 'OK'],
    ['RENAME c b', 'OK'],
    ['TTL b', -1],
    ['RENAME b b', 'OK'],
    ['RENAME nokey b', error('ERR no such key')],
    ['RENAME nokey nokey', error('ERR no such key')],
    ['RENAMENX b b', 0],
    ['SET a 9', 'OK'],
    ['RENAMENX a b', 0],
    ['RENAMENX a z', 1],
    ['RENAMENX nokey z', error('ERR no such key')],
    ['MGET a b z', [null, '3', '9']],
  ]),

  table('RENAME carries integers and long strings', [
    ['SET small 12', 'OK'],
    ['SET wide 9007199254740993', 'OK'],
    [['SET', 'long', 'x'.repeat(2000)], 'OK'],
    ['RENAME small small2', 'OK'],
    ['RENAME wide wide2', 'OK'],
    ['RENAME long long2', 'OK'],
    ['INCR small2', 13],
    ['GET wide2', '9007199254740993'],
    ['GET long2', 'x'.repeat(2000)],
    ['APPEND long2 y', 2001],
  ]),

  table('COPY', [
    ['SET a 1 EX 100', 'OK'],
    ['COPY a b', 1],
    ['TTL b', 100],
    ['INCR b', 2],
    ['GET a', '1'],
    ['COPY a b', 0],
    ['COPY a b REPLACE', 1],
    ['GET b', '1'],
    ['COPY a b DB 3', 1],
    ['COPY a a', SAME],
    ['COPY a a DB 0', SAME],
    ['COPY nokey z', 0],
    ['COPY a b DB 99', NO_DATABASE],
    ['COPY a b DB x', NOT_INTEGER],
    ['COPY a b DB 99999999999', NOT_INT],
    ['COPY a b DB', SYNTAX],
    ['COPY a b MORE', SYNTAX],
    ['SELECT 3', 'OK'],
    ['GET b', '1'],
    ['PERSIST b', 1],
    ['COPY b b DB 0 REPLACE', 1],
    ['SELECT 0', 'OK'],
    ['TTL b', -1],
  ]),

  table('COPY makes long strings independent', [
    [['SET', 'a', 'x'.repeat(1000)], 'OK'],
    ['APPEND a y', 1001],
    ['COPY a b', 1],
    ['APPEND b z', 1002],
    ['STRLEN a', 1001],
    ['DEL a', 1],
    ['GET b', 'x'.repeat(1000) + 'yz'],
  ]),

  table('MOVE', [
    ['SET a 1 EX 100', 'OK'],
    ['MOVE a 1', 1],
    ['EXISTS a', 0],
    ['SET a 2', 'OK'],
    ['MOVE a 1', 0],
    ['MOVE nokey 1', 0],
    ['MOVE a 0', SAME],
    ['MOVE a 16', NO_DATABASE],
    ['MOVE a x', NOT_INTEGER],
    ['MOVE a 99999999999', NOT_INT],
    ['SELECT 1', 'OK'],
    ['GET a', '1'],
    ['TTL a', 100],
  ]),

  table('KEYS', [
    ['MSET one 1 two 2 three 3', 'OK'],
    ['KEYS t*', unordered('two', 'three')],
    ['KEYS *', unordered('one', 'two', 'three')],
    ['KEYS one', ['one']],
    ['KEYS x*', []],
    [['SET', 'a'.repeat(300), '1'], 'OK'],
    ['KEYS a*a', ['a'.repeat(300)]],
  ]),

  table('RESTORE finds fault with an age where it stands', [
    [
      ['RESTORE', 'k', '0', 'x', 'IDLETIME', '-1', 'nonsense'],
      error('ERR Invalid IDLETIME value, must be >= 0'),
    ],
    [
      ['RESTORE', 'k', '0', 'x', 'FREQ', '256', 'nonsense'],
      error('ERR Invalid FREQ value, must be >= 0 and <= 255'),
    ],
  ]),
  table('SCAN buries the dead it meets, of whatever type', [
    ['SET dead x PXAT 1', 'OK'],
    ['SCAN 0 TYPE hash', scanned()],
    ['DBSIZE', 0],
  ]),
  table('SCAN in one step', [
    ['MSET one 1 two 2 three 3', 'OK'],
    ['SCAN 0 COUNT 100', scanned('one', 'two', 'three')],
    ['SCAN 0 COUNT 100 MATCH t*', scanned('two', 'three')],
    ['SCAN 0 COUNT 100 TYPE STRING', scanned('one', 'two', 'three')],
    ['SCAN 0 COUNT 100 TYPE list', scanned()],
    ['SCAN 0 COUNT 100 TYPE nosuch', scanned()],
    ['SCAN +0 COUNT 100', scanned('one', 'two', 'three')],
    [['SCAN', '', 'COUNT', '100'], scanned('one', 'two', 'three')],
    ['SCAN abc', error('ERR invalid cursor')],
    ['SCAN " 0"', error('ERR invalid cursor')],
    ['SCAN 0x10', error('ERR invalid cursor')],
    ['SCAN 18446744073709551616', error('ERR invalid cursor')],
    ['SCAN 0 COUNT 0', SYNTAX],
    ['SCAN 0 COUNT x', NOT_INTEGER],
    ['SCAN 0 MATCH', SYNTAX],
    ['SCAN 0 MORE', SYNTAX],
  ]),

  table('RANDOMKEY and DBSIZE', [
    ['RANDOMKEY', null],
    ['DBSIZE', 0],
    ['SET only 1', 'OK'],
    ['RANDOMKEY', 'only'],
    ['DBSIZE', 1],
  ]),

  table('OBJECT', [
    ['SET int 100', 'OK'],
    ['SET large 10000', 'OK'],
    ['SET text abc', 'OK'],
    ['OBJECT ENCODING int', 'int'],
    ['OBJECT ENCODING text', 'embstr'],
    ['OBJECT ENCODING nokey', null],
    ['OBJECT REFCOUNT int', 2147483647],
    ['OBJECT REFCOUNT large', 1],
    ['OBJECT REFCOUNT text', 1],
    // In whole seconds of the wall clock: one may have begun since, at redis-server.
    ['OBJECT IDLETIME text', between(0, 1)],
    ['OBJECT FREQ nokey', null],
    ['OBJECT FREQ text', errorLike('ERR An LFU maxmemory policy is not selected')],
    ['OBJECT ENCODING', error("ERR wrong number of arguments for 'object|encoding' command")],
    ['OBJECT NOSUCH text', error("ERR unknown subcommand 'NOSUCH'. Try OBJECT HELP.")],
    ['OBJECT HELP', matches(reply => Array.isArray(reply) && reply.includes('HELP'))],
  ]),

  table('DUMP writes what a 7.0 server writes', [
    ['SET s ""', 'OK'],
    ['DUMP s', '\x00\x00\n\x00]\x9b\\@\x0f\x7f\xa2\xda'],
    ['SET s 1', 'OK'],
    ['DUMP s', '\x00\xc0\x01\n\x00&x\xe7\xb6\xd1\x01\x11\xfc'],
    ['SET s -129', 'OK'],
    ['DUMP s', '\x00\xc1\x7f\xff\n\x00\x17`\x82(T\x80\x84\x80'],
    ['SET s 40000', 'OK'],
    ['DUMP s', '\x00\xc2@\x9c\x00\x00\n\x00\t\xcdc\x1f\xf3\xb9\x8c\xf2'],
    ['SET s 4294967296', 'OK'],
    ['DUMP s', '\x00\n4294967296\n\x00\xa5\xa3\x89\xc8\x1a\x8cFV'],
    ['SET s 01', 'OK'],
    ['DUMP s', '\x00\x0201\n\x00l\xdd\xc4A\x14L}\xa4'],
    ['DUMP nokey', null],
  ]),

  table('RESTORE', [
    [['RESTORE', 'a', '0', bytesOf('\x00\x02vw\n\x00\xb8\n\x9el\xdbG\xa6\xc8')], 'OK'],
    ['GET a', 'vw'],
    ['TTL a', -1],
    // A string that a 7.0 server has compressed.
    [
      ['RESTORE', 'z', '1000', bytesOf('\x00\xc3\t@I\x01aa\xe0<\x00\x01aa\n\x00\x8e\x17=\xb0\x85(\xb2\x94')],
      'OK',
    ],
    ['GET z', 'a'.repeat(73)],
    [after(1100)],
    ['GET z', null],
    ['RESTORE a 0 x', error('BUSYKEY Target key name already exists.')],
    ['RESTORE a x x', error('BUSYKEY Target key name already exists.')],
    ['RESTORE b x x', NOT_INTEGER],
    ['RESTORE b -1 x', error('ERR Invalid TTL value, must be >= 0')],
    ['RESTORE b 0 x', error('ERR DUMP payload version or checksum are wrong')],
    ['RESTORE b 0 xxxxxxxxxxxxx', error('ERR DUMP payload version or checksum are wrong')],
    ['RESTORE b 0 x IDLETIME -1', error('ERR Invalid IDLETIME value, must be >= 0')],
    ['RESTORE b 0 x FREQ 256', error('ERR Invalid FREQ value, must be >= 0 and <= 255')],
    ['RESTORE b 0 x FREQ 1 IDLETIME 2', SYNTAX],
    ['RESTORE b 0 x MORE', SYNTAX],
    [['RESTORE', 'a', '0', bytesOf('\x00\xc0\x01\n\x00&x\xe7\xb6\xd1\x01\x11\xfc'), 'REPLACE'], 'OK'],
    ['INCR a', 2],
    // A time that has passed: what was there is gone, and nothing comes.
    [
      ['RESTORE', 'a', '1', bytesOf('\x00\xc0\x01\n\x00&x\xe7\xb6\xd1\x01\x11\xfc'), 'REPLACE', 'ABSTTL'],
      'OK',
    ],
    ['EXISTS a', 0],
  ]),

  table('RESTORE sets ages', [
    ['CONFIG SET maxmemory-policy allkeys-lru', 'OK'],
    [['RESTORE', 'a', '0', bytesOf('\x00\x02vw\n\x00\xb8\n\x9el\xdbG\xa6\xc8'), 'IDLETIME', '1000'], 'OK'],
    ['OBJECT IDLETIME a', between(1000, 1001)],
    ['CONFIG SET maxmemory-policy allkeys-lfu', 'OK'],
    [['RESTORE', 'b', '0', bytesOf('\x00\x02vw\n\x00\xb8\n\x9el\xdbG\xa6\xc8'), 'FREQ', '100'], 'OK'],
    ['OBJECT FREQ b', 100],
    ['OBJECT IDLETIME b', errorLike('ERR An LFU maxmemory policy is selected')],
    ['CONFIG SET maxmemory-policy noeviction', 'OK'],
  ]),

  table(
    'RESTORE refuses what pretends',
    [
      [
        ['RESTORE', 'a', '0', bytesOf('\x00\x81\xff\xff\xff\xff\xff\xff\xff\xf7\x0a\x00' + '\x00'.repeat(8))],
        error('ERR Bad data format'),
      ],
      [['RESTORE', 'a', '0', bytesOf('\x63\x01a\x0a\x00' + '\x00'.repeat(8))], error('ERR Bad data format')],
      [
        ['RESTORE', 'a', '0', bytesOf('\x00\xc3\x01\x80\xff\xff\xff\xffa\x0a\x00' + '\x00'.repeat(8))],
        error('ERR Bad data format'),
      ],
      [['RESTORE', 'a', '0', bytesOf('\x00\xc7\x0a\x00' + '\x00'.repeat(8))], error('ERR Bad data format')],
      [['RESTORE', 'a', '0', bytesOf('\x0a\x00' + '\x00'.repeat(8))], error('ERR Bad data format')],
      ['EXISTS a', 0],
    ],
    {
      differs:
        'a checksum of zero stands for none, as in later releases; 7.0 refuses these by their checksum',
    },
  ),

  table('SELECT and SWAPDB', [
    ['SET a zero', 'OK'],
    ['SELECT 1', 'OK'],
    ['GET a', null],
    ['SET a one EX 100', 'OK'],
    ['SWAPDB 0 1', 'OK'],
    ['GET a', 'zero'],
    ['SELECT 0', 'OK'],
    ['GET a', 'one'],
    ['TTL a', 100],
    ['SWAPDB 0 0', 'OK'],
    ['SELECT -1', NO_DATABASE],
    ['SELECT 16', NO_DATABASE],
    ['SELECT x', NOT_INTEGER],
    ['SELECT 99999999999', NOT_INT],
    ['SWAPDB x 1', error('ERR invalid first DB index')],
    ['SWAPDB 0 x', error('ERR invalid second DB index')],
    ['SWAPDB 0 99999999999', error('ERR invalid second DB index')],
    ['SWAPDB 0 99', NO_DATABASE],
  ]),

  table('FLUSHDB and FLUSHALL', [
    ['SET a 1 EX 100', 'OK'],
    ['SELECT 1', 'OK'],
    ['SET b 1', 'OK'],
    ['FLUSHDB', 'OK'],
    ['DBSIZE', 0],
    ['SELECT 0', 'OK'],
    ['DBSIZE', 1],
    ['FLUSHALL ASYNC', 'OK'],
    ['DBSIZE', 0],
    ['SET a 1', 'OK'],
    ['TTL a', -1],
    ['FLUSHALL SYNC', 'OK'],
    ['FLUSHDB async', 'OK'],
    ['FLUSHDB LATER', SYNTAX],
    ['FLUSHDB SYNC ASYNC', SYNTAX],
    ['FLUSHALL SYNC SYNC', SYNTAX],
  ]),

  table('FLUSHDB and SWAPDB break the watches of what they touch', [
    ['SET a 1', 'OK'],
    ['WATCH a', 'OK'],
    [by('b', 'FLUSHDB'), 'OK'],
    ['MULTI', 'OK'],
    ['PING', 'QUEUED'],
    ['EXEC', null],
    ['SET a 1', 'OK'],
    ['WATCH a', 'OK'],
    [by('b', 'SWAPDB 0 1'), 'OK'],
    ['MULTI', 'OK'],
    ['PING', 'QUEUED'],
    ['EXEC', null],
    ['WATCH nokey', 'OK'],
    [by('b', 'SWAPDB 0 1'), 'OK'],
    ['MULTI', 'OK'],
    ['PING', 'QUEUED'],
    ['EXEC', ['PONG']],
  ]),

  table('WAIT without replicas', [
    ['WAIT 0 0', 0],
    ['WAIT -1 0', 0],
    ['WAIT 1 50', nothing],
    [after(300)],
    [next(), 0],
    ['WAIT x 0', NOT_INTEGER],
    ['WAIT 0 x', error('ERR timeout is not an integer or out of range')],
    ['WAIT 1 -1', error('ERR timeout is negative')],
    ['MULTI', 'OK'],
    ['WAIT 1 0', 'QUEUED'],
    ['EXEC', [0]],
  ]),

  table(
    'WAITAOF without replicas and file',
    [
      ['WAITAOF 0 0 0', [0, 0]],
      ['WAITAOF 0 1 50', nothing],
      [after(300)],
      [next(), [0, 0]],
      ['WAITAOF 2 0 0', error('ERR value is out of range, value must between 0 and 1')],
      ['WAITAOF 0 -1 0', error('ERR value is out of range, must be positive')],
      ['WAITAOF 0 0 -1', error('ERR timeout is negative')],
      [
        'WAITAOF 1 0 0',
        errorLike('ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled'),
      ],
    ],
    { since: '7.2' },
  ),
]
