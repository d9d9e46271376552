import { between, error, type SessionTable, table } from '../support/session.js'

const WRONG_TYPE = error('WRONGTYPE Operation against a key holding the wrong kind of value')
const NOT_INTEGER = error('ERR value is not an integer or out of range')
const TOO_LONG = error('ERR string exceeds maximum allowed size (proto-max-bulk-len)')
const SYNTAX = error('ERR syntax error')

const RNA_1 =
  'CACCTTCCCAGGTAACAAACCAACCAACTTTCGATCTCTTGTAGATCTGTTCTCTAAACGAACTTTAAAATCTGTGTGGCTGTCACTCGGCTGCATGCTTAGTGCACTCACGCAG'
const RNA_2 =
  'ATTAAAGGTTTATACCTTCCCAGGTAACAAACCAACCAACTTTCGATCTCTTGTAGATCTGTTCTCTAAACGAACTTTAAAATCTGTGTGGCTGTCACTCGGCTGCATGCTTAGT'

export const stringParts: readonly SessionTable[] = [
  table('STRLEN', [
    ['STRLEN missing', 0],
    ['SET n -555', 'OK'],
    ['STRLEN n', 4],
    ['SET s "foozzz0123456789 baz"', 'OK'],
    ['STRLEN s', 20],
    ['RPUSH list a', 1],
    ['STRLEN list', WRONG_TYPE],
  ]),

  table('APPEND', [
    ['APPEND s ""', 0],
    ['EXISTS s', 1],
    ['APPEND s foo', 3],
    ['APPEND s bar', 6],
    ['GET s', 'foobar'],
    ['SET s 12 EX 100', 'OK'],
    ['APPEND s 34', 4],
    ['GET s', '1234'],
    ['TTL s', between(99, 100)],
    [['APPEND', 's', Buffer.from([0, 255])], 6],
    ['GET s', '1234\0\xff'],
    [['SET', 'big', 'x'.repeat(1000)], 'OK'],
    [['APPEND', 'big', 'y'.repeat(5000)], 6000],
    ['GET big', 'x'.repeat(1000) + 'y'.repeat(5000)],
    ['RPUSH list a', 1],
    ['APPEND list a', WRONG_TYPE],
  ]),

  table('GETRANGE and SUBSTR', [
    ['SET s "Hello World"', 'OK'],
    ['GETRANGE s 0 3', 'Hell'],
    ['GETRANGE s 0 -1', 'Hello World'],
    ['GETRANGE s -4 -1', 'orld'],
    ['GETRANGE s 5 3', ''],
    ['GETRANGE s 5 5000', ' World'],
    ['GETRANGE s -5000 10000', 'Hello World'],
    ['GETRANGE s 0 -100', 'H'],
    ['GETRANGE s 1 -100', ''],
    ['GETRANGE s -1 -100', ''],
    ['GETRANGE s -100 -99', 'H'],
    ['GETRANGE s -100 -101', ''],
    ['GETRANGE s 0 4294967297', 'Hello World'],
    ['GETRANGE s 11 20', ''],
    ['GETRANGE s -9223372036854775808 9223372036854775807', 'Hello World'],
    ['SUBSTR s 0 4', 'Hello'],
    ['SUBSTR s -5 -1', 'World'],
    ['SET n 1234', 'OK'],
    ['GETRANGE n -3 -1', '234'],
    ['SET empty ""', 'OK'],
    ['GETRANGE empty 0 -1', ''],
    ['GETRANGE missing 0 -1', ''],
    ['GETRANGE missing 0 x', NOT_INTEGER],
    ['RPUSH list a', 1],
    ['GETRANGE list 0 x', NOT_INTEGER],
    ['GETRANGE list 0 -1', WRONG_TYPE],
  ]),

  table('SETRANGE', [
    ['SETRANGE s 0 ""', 0],
    ['EXISTS s', 0],
    ['SETRANGE s 1 foo', 4],
    ['GET s', '\0foo'],
    ['SETRANGE s 0 b', 4],
    ['SETRANGE s 6 bar', 9],
    ['GET s', 'bfoo\0\0bar'],
    ['SET n 1234 EX 100', 'OK'],
    ['SETRANGE n 5 2', 6],
    ['GET n', '1234\x002'],
    ['TTL n', between(99, 100)],
    ['SETRANGE n 0 ""', 6],
    ['SETRANGE s -1 x', error('ERR offset is out of range')],
    ['SETRANGE s x x', NOT_INTEGER],
    ['SETRANGE new 536870908 world', TOO_LONG],
    ['SETRANGE s 536870908 world', TOO_LONG],
    ['SETRANGE s 9223372036854775807 A', TOO_LONG],
    ['SETRANGE s 9223372036854775807 ""', 9],
    ['RPUSH list a', 1],
    ['SETRANGE list 0 ""', WRONG_TYPE],
    ['SETRANGE list -1 x', error('ERR offset is out of range')],
  ]),

  table(
    'A string is no longer than proto-max-bulk-len',
    [
      ['SETRANGE s 1048575 x', 1_048_576],
      ['SETRANGE s 1048576 x', TOO_LONG],
      ['APPEND s x', TOO_LONG],
      ['APPEND s ""', 1_048_576],
      ['SETRANGE s 2000000 ""', 1_048_576],
    ],
    { config: { 'proto-max-bulk-len': '1048576' } },
  ),

  table('LCS', [
    [['SET', 'a', RNA_1], 'OK'],
    [['SET', 'b', RNA_2], 'OK'],
    [
      'LCS a b',
      'ACCTTCCCAGGTAACAAACCAACCAACTTTCGATCTCTTGTAGATCTGTTCTCTAAACGAACTTTAAAATCTGTGTGGCTGTCACTCGGCTGCATGCTTAGT',
    ],
    ['LCS a b LEN', 102],
    ['SET x ohmytext', 'OK'],
    ['SET y mynewtext', 'OK'],
    ['LCS x y', 'mytext'],
    ['LCS x y LEN', 6],
    [
      'LCS x y IDX',
      [
        'matches',
        [
          [
            [4, 7],
            [5, 8],
          ],
          [
            [2, 3],
            [0, 1],
          ],
        ],
        'len',
        6,
      ],
    ],
    [
      'LCS x y IDX MINMATCHLEN 4',
      [
        'matches',
        [
          [
            [4, 7],
            [5, 8],
          ],
        ],
        'len',
        6,
      ],
    ],
    ['LCS x y IDX MINMATCHLEN 4 WITHMATCHLEN', ['matches', [[[4, 7], [5, 8], 4]], 'len', 6]],
    [
      'LCS x y idx minmatchlen -1',
      [
        'matches',
        [
          [
            [4, 7],
            [5, 8],
          ],
          [
            [2, 3],
            [0, 1],
          ],
        ],
        'len',
        6,
      ],
    ],
    [
      'LCS x x IDX',
      [
        'matches',
        [
          [
            [0, 7],
            [0, 7],
          ],
        ],
        'len',
        8,
      ],
    ],
    ['LCS x missing', ''],
    ['LCS x missing IDX', ['matches', [], 'len', 0]],
    ['SET n 123', 'OK'],
    ['SET m 5233', 'OK'],
    ['LCS n m', '23'],
    ['LCS x y LEN IDX', error('ERR If you want both the length and indexes, please just use IDX.')],
    ['LCS x y BAD', SYNTAX],
    ['LCS x y MINMATCHLEN', SYNTAX],
    ['LCS x y IDX MINMATCHLEN a', NOT_INTEGER],
    ['RPUSH list a', 1],
    ['LCS x list', error('ERR The specified keys must contain string values')],
    ['LCS list x LEN IDX', error('ERR The specified keys must contain string values')],
    ['LCS list x BAD', error('ERR The specified keys must contain string values')],
    ['LCS x y LEN IDX BAD', SYNTAX],
  ]),

  table(
    'LCS in RESP3 answers a map',
    [
      ['MSET x ohmytext y mynewtext', 'OK'],
      [
        'LCS x y IDX',
        new Map<string, number | number[][][]>([
          [
            'matches',
            [
              [
                [4, 7],
                [5, 8],
              ],
              [
                [2, 3],
                [0, 1],
              ],
            ],
          ],
          ['len', 6],
        ]),
      ],
    ],
    { resp: 3 },
  ),

  table(
    'LCS refuses work beyond proto-max-bulk-len',
    [
      ['SETRANGE a 511 x', 512],
      ['SETRANGE b 511 x', 512],
      ['LCS a b LEN', error('ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len')],
    ],
    { config: { 'proto-max-bulk-len': '1048576' } },
  ),
]
