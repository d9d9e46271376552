import { after, by, error, matches, next, nothing, type SessionTable, table } from '../support/session.js'

const invalidId = error('ERR Invalid stream ID specified as stream command argument')
const tooSmall = error('ERR The ID specified in XADD is equal or smaller than the target stream top item')

export const streams: readonly SessionTable[] = [
  table('XADD makes ids, or takes them', [
    ['XADD s 1-1 f v', '1-1'],
    ['XADD s 1-1 f v', tooSmall],
    ['XADD s 0-0 f v', error('ERR The ID specified in XADD must be greater than 0-0')],
    ['XADD s 1-* f v', '1-2'],
    ['XADD s 2 f v', '2-0'],
    ['XADD s 1-* f v', tooSmall],
    ['XADD new 0-* f v', '0-1'],
    ['XADD s 2-x f v', invalidId],
    ['XADD s 3-1 f', error("ERR wrong number of arguments for 'xadd' command")],
    ['XADD s 3-1 f v odd', error("ERR wrong number of arguments for 'xadd' command")],
    ['XADD none NOMKSTREAM 1-1 f v', null],
    ['XLEN none', 0],
    ['XADD s 18446744073709551615-18446744073709551615 f v', '18446744073709551615-18446744073709551615'],
    ['XADD s * f v', error('ERR The stream has exhausted the last possible ID, unable to add more items')],
    ['XLEN s', 4],
    ['TYPE s', 'stream'],
    ['OBJECT ENCODING s', 'stream'],
    ['SET text value', 'OK'],
    ['XADD text * f v', error('WRONGTYPE Operation against a key holding the wrong kind of value')],
  ]),

  table('XRANGE and XREVRANGE', [
    ['XADD s 1-1 a 1', '1-1'],
    ['XADD s 1-2 a 2 b 22', '1-2'],
    ['XADD s 2-1 a 3', '2-1'],
    ['XRANGE s - + COUNT 1', [['1-1', ['a', '1']]]],
    [
      'XRANGE s 1 1',
      [
        ['1-1', ['a', '1']],
        ['1-2', ['a', '2', 'b', '22']],
      ],
    ],
    ['XRANGE s (1-1 (2-1', [['1-2', ['a', '2', 'b', '22']]]],
    [
      'XREVRANGE s + - COUNT 2',
      [
        ['2-1', ['a', '3']],
        ['1-2', ['a', '2', 'b', '22']],
      ],
    ],
    ['XRANGE s - + COUNT 0', null],
    ['XRANGE s + -', []],
    ['XRANGE missing - +', []],
    ['XRANGE s (18446744073709551615-18446744073709551615 +', error('ERR invalid start ID for the interval')],
    ['XRANGE s - (0-0', error('ERR invalid end ID for the interval')],
    ['XRANGE s (- +', invalidId],
    ['XDEL s 1-2 9-9', 1],
    [
      'XRANGE s - +',
      [
        ['1-1', ['a', '1']],
        ['2-1', ['a', '3']],
      ],
    ],
  ]),

  table(
    'XTRIM cuts whole nodes, or exactly',
    [
      ...Array.from({ length: 10 }, (_, i) => [`XADD s ${i + 1} f v`, `${i + 1}-0`] as const),
      ['XTRIM s MAXLEN ~ 7', 0],
      ['XTRIM s MAXLEN ~ 5', 4],
      ['XTRIM s MAXLEN = 5', 1],
      ['XTRIM s MINID 8', 2],
      [
        'XTRIM s MAXLEN 0 LIMIT 5',
        error('ERR syntax error, LIMIT cannot be used without the special ~ option'),
      ],
      [
        'XTRIM s LIMIT 5',
        error('ERR syntax error, LIMIT cannot be used without specifying a trimming strategy'),
      ],
      [
        'XTRIM s MAXLEN 1 MINID 1',
        error('ERR syntax error, MAXLEN and MINID options at the same time are not compatible'),
      ],
      ['XADD s MAXLEN 2 11 f v', '11-0'],
      [
        'XRANGE s - +',
        [
          ['10-0', ['f', 'v']],
          ['11-0', ['f', 'v']],
        ],
      ],
      ['XTRIM s MAXLEN 0', 2],
      ['EXISTS s', 1],
    ],
    { config: { 'stream-node-max-entries': '4' } },
  ),

  table('a group shares out entries, and remembers who has them', [
    [
      'XGROUP CREATE s g $',
      error(
        'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
      ),
    ],
    ['XGROUP CREATE s g $ MKSTREAM', 'OK'],
    ['XGROUP CREATE s g $', error('BUSYGROUP Consumer Group name already exists')],
    ['XADD s 1-1 a 1', '1-1'],
    ['XADD s 2-1 a 2', '2-1'],
    ['XADD s 3-1 a 3', '3-1'],
    ['XREADGROUP GROUP g alice COUNT 1 STREAMS s >', [['s', [['1-1', ['a', '1']]]]]],
    [
      'XREADGROUP GROUP g bob STREAMS s >',
      [
        [
          's',
          [
            ['2-1', ['a', '2']],
            ['3-1', ['a', '3']],
          ],
        ],
      ],
    ],
    ['XREADGROUP GROUP g bob STREAMS s >', null],
    [
      'XPENDING s g',
      [
        3,
        '1-1',
        '3-1',
        [
          ['alice', '1'],
          ['bob', '2'],
        ],
      ],
    ],
    ['XDEL s 2-1', 1],
    [
      'XREADGROUP GROUP g bob STREAMS s 0',
      [
        [
          's',
          [
            ['2-1', null],
            ['3-1', ['a', '3']],
          ],
        ],
      ],
    ],
    ['XACK s g 1-1 9-9', 1],
    ['XACK s g 1-1 x', invalidId],
    ['XGROUP DELCONSUMER s g bob', 2],
    ['XPENDING s g', [0, null, null, null]],
    [
      'XREADGROUP GROUP other c STREAMS s >',
      error("NOGROUP No such key 's' or consumer group 'other' in XREADGROUP with GROUP option"),
    ],
    ['XGROUP DESTROY s g', 1],
    ['XGROUP DESTROY s g', 0],
  ]),

  table('XPENDING, XCLAIM and XAUTOCLAIM', [
    ['XGROUP CREATE s g 0 MKSTREAM', 'OK'],
    ['XADD s 1-1 a 1', '1-1'],
    ['XADD s 2-1 a 2', '2-1'],
    ['XADD s 3-1 a 3', '3-1'],
    [
      'XREADGROUP GROUP g alice STREAMS s >',
      [
        [
          's',
          [
            ['1-1', ['a', '1']],
            ['2-1', ['a', '2']],
            ['3-1', ['a', '3']],
          ],
        ],
      ],
    ],
    ['XCLAIM s g bob 100000 1-1', []],
    ['XCLAIM s g bob 0 1-1 RETRYCOUNT 7', [['1-1', ['a', '1']]]],
    ['XCLAIM s g bob 0 2-1 9-9 JUSTID', ['2-1']],
    ['XDEL s 3-1', 1],
    [
      'XAUTOCLAIM s g carol 0 - COUNT 2',
      [
        '3-1',
        [
          ['1-1', ['a', '1']],
          ['2-1', ['a', '2']],
        ],
        [],
      ],
    ],
    ['XAUTOCLAIM s g carol 0 3-1', ['0-0', [], ['3-1']]],
    ['XPENDING s g', [2, '1-1', '2-1', [['carol', '2']]]],
    ['XPENDING s g IDLE 100000 - + 10', []],
    ['XPENDING s g - + 10 nobody', []],
    ['XCLAIM s g bob x 1-1', error('ERR Invalid min-idle-time argument for XCLAIM')],
    ['XCLAIM s g bob 0 1-1 MOOD', error("ERR Unrecognized XCLAIM option 'MOOD'")],
    ['XAUTOCLAIM s g bob 0 - COUNT 0', error('ERR COUNT must be > 0')],
    ['XCLAIM s other bob 0 1-1', error("NOGROUP No such key 's' or consumer group 'other'")],
  ]),

  table('a claimed entry says when it was delivered, and how often', [
    ['XGROUP CREATE s g 0 MKSTREAM', 'OK'],
    ['XADD s 1-1 a 1', '1-1'],
    ['XREADGROUP GROUP g alice STREAMS s >', [['s', [['1-1', ['a', '1']]]]]],
    [after(50)],
    ['XPENDING s g - + 10', [['1-1', 'alice', 50, 1]], { differs: 'its clock does not stand still' }],
    ['XCLAIM s g bob 50 1-1 JUSTID', ['1-1'], { differs: 'as above' }],
    ['XPENDING s g - + 10 bob', [['1-1', 'bob', 0, 1]], { differs: 'as above' }],
  ]),

  table('XREAD waits for what comes behind an id', [
    ['XADD s 1-1 a 1', '1-1'],
    ['XREAD COUNT 1 STREAMS s missing 0 0', [['s', [['1-1', ['a', '1']]]]]],
    ['XREAD STREAMS s $', null],
    ['XREAD BLOCK 0 STREAMS s t $ $', nothing],
    [by('b', 'XADD t 5-1 b 1'), '5-1'],
    [next(), [['t', [['5-1', ['b', '1']]]]]],
    ['XREAD STREAMS s +', [['s', [['1-1', ['a', '1']]]]], { since: '7.4' }],
    ['XREAD STREAMS s', error("ERR wrong number of arguments for 'xread' command")],
    [
      'XREAD STREAMS s t 0',
      error("ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified."),
    ],
    [
      'XREAD STREAMS s >',
      error(
        'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
      ),
    ],
    ['XREAD BLOCK -1 STREAMS s 0', error('ERR timeout is negative')],
  ]),

  table(
    'XREAD in RESP3 is a map',
    [
      ['XADD s 1-1 a 1', '1-1'],
      ['XREAD STREAMS s 0', new Map([['s', [['1-1', ['a', '1']]]]])],
    ],
    { resp: 3 },
  ),

  table('who waits in a group hears that it is gone', [
    ['XGROUP CREATE s g $ MKSTREAM', 'OK'],
    [by('w', 'XREADGROUP GROUP g w BLOCK 0 STREAMS s >'), nothing],
    ['XGROUP DESTROY s g', 1],
    [next('w'), error('NOGROUP the consumer group this client was blocked on no longer exists')],
    ['XGROUP CREATE s g $', 'OK'],
    [by('w', 'XREADGROUP GROUP g w BLOCK 0 STREAMS s >'), nothing],
    ['DEL s', 1],
    [next('w'), error('UNBLOCKED the stream key no longer exists')],
    ['XGROUP CREATE s g $ MKSTREAM', 'OK'],
    [by('w', 'XREADGROUP GROUP g w BLOCK 0 STREAMS s >'), nothing],
    ['SET s text', 'OK'],
    [next('w'), error('UNBLOCKED the stream key no longer exists')],
  ]),

  table('XSETID and the lag of groups', [
    ['XADD s 1-1 a 1', '1-1'],
    ['XADD s 2-1 a 2', '2-1'],
    ['XSETID s 1-1', error('ERR The ID specified in XSETID is smaller than the target stream top item')],
    ['XSETID s 5-1 ENTRIESADDED 9 MAXDELETEDID 0-1', 'OK'],
    ['XGROUP CREATE s start 0', 'OK'],
    ['XGROUP CREATE s end $', 'OK'],
    ['XGROUP CREATE s middle 1-5', 'OK'],
    [
      'XINFO GROUPS s',
      [
        [
          'name',
          'end',
          'consumers',
          0,
          'pending',
          0,
          'last-delivered-id',
          '5-1',
          'entries-read',
          null,
          'lag',
          0,
        ],
        [
          'name',
          'middle',
          'consumers',
          0,
          'pending',
          0,
          'last-delivered-id',
          '1-5',
          'entries-read',
          null,
          'lag',
          null,
        ],
        [
          'name',
          'start',
          'consumers',
          0,
          'pending',
          0,
          'last-delivered-id',
          '0-0',
          'entries-read',
          null,
          'lag',
          2,
        ],
      ],
    ],
    ['XINFO CONSUMERS s start', []],
    ['XINFO STREAM missing', error('ERR no such key')],
    ['XINFO CONSUMERS s none', error("NOGROUP No such consumer group 'none' for key name 's'")],
  ]),

  table(
    'XDELEX and XACKDEL ask about references',
    [
      ['XADD s 1-1 a 1', '1-1'],
      ['XADD s 2-1 a 2', '2-1'],
      ['XADD s 3-1 a 3', '3-1'],
      ['XGROUP CREATE s g 0', 'OK'],
      [
        'XREADGROUP GROUP g c COUNT 2 STREAMS s >',
        [
          [
            's',
            [
              ['1-1', ['a', '1']],
              ['2-1', ['a', '2']],
            ],
          ],
        ],
      ],
      ['XDELEX s ACKED IDS 2 1-1 9-9', [2, -1]],
      ['XACKDEL s g ACKED IDS 1 1-1', [1]],
      ['XACKDEL s g IDS 1 1-1', [-1]],
      ['XDELEX s DELREF IDS 1 2-1', [1]],
      ['XPENDING s g', [0, null, null, null]],
      ['XDELEX s IDS 2 3-1', error('ERR The `numids` parameter must match the number of arguments')],
      ['XDELEX s IDS 0 3-1', error('ERR Number of IDs must be a positive integer')],
      ['XDELEX missing IDS 1 1-1', [-1]],
    ],
    { since: '8.2' },
  ),

  table(
    'XNACK hands entries back',
    [
      ['XADD s 1-1 a 1', '1-1'],
      ['XGROUP CREATE s g 0', 'OK'],
      ['XREADGROUP GROUP g alice STREAMS s >', [['s', [['1-1', ['a', '1']]]]]],
      ['XNACK s g FAIL IDS 2 1-1 9-9', 1],
      ['XPENDING s g - + 10', [['1-1', '', -1, 1]]],
      ['XINFO STREAM s FULL', matches(reply => JSON.stringify(reply).includes('"nacked-count",1'))],
      ['XREADGROUP GROUP g bob STREAMS s >', null],
      ['XREADGROUP GROUP g bob CLAIM 100000 STREAMS s >', [['s', [['1-1', ['a', '1'], 1000000000, 1]]]]],
      ['XNACK s g FATAL IDS 1 1-1', 1],
      ['XPENDING s g - + 10', [['1-1', '', -1, 9223372036854775807n]]],
      ['XNACK s none FAIL IDS 1 1-1', error("NOGROUP No such key 's' or consumer group 'none'")],
    ],
    { since: '8.8' },
  ),

  table(
    'XADD with IDMP adds a message once',
    [
      ['XADD s IDMP p m1 * f v', '1000000000-0'],
      ['XADD s IDMP p m1 * f other', '1000000000-0'],
      ['XADD s IDMP q m1 * f v', '1000000000-1'],
      ['XADD s IDMPAUTO p * f v', '1000000000-2'],
      ['XADD s IDMPAUTO p * f v', '1000000000-2'],
      ['XLEN s', 3],
      ['XADD s IDMP p m2 5-5 f v', error('ERR IDMP/IDMPAUTO can be used only with auto-generated IDs')],
      ['XCFGSET s IDMP-MAXSIZE 1', 'OK'],
      ['XADD s IDMP p m1 * f v', '1000000000-3'],
      ['XADD s IDMP p m2 * f v', '1000000000-4'],
      ['XADD s IDMP p m1 * f v', '1000000000-5'],
      ['XCFGSET s IDMP-DURATION 0', error('ERR IDMP-DURATION must be between 1 and 86400 seconds')],
      ['XCFGSET missing IDMP-DURATION 1', error('ERR no such key')],
      ['XCFGSET s IDMP-DURATION 1', 'OK'],
      ['XADD s IDMP p m1 * f v', '1000000000-6'],
      ['XIDMPRECORD s p m9 1000000000-6', 'OK'],
      [after(1500)],
      ['XADD s IDMP p m1 * f v', '1000001500-0'],
    ],
    { since: '8.6' },
  ),

  table(
    'XREAD with caps over all streams',
    [
      ['XADD s 1-1 a 1', '1-1'],
      ['XADD s 2-1 a 2', '2-1'],
      ['XADD t 1-1 a 1', '1-1'],
      [
        'XREAD MAXCOUNT 2 STREAMS s t 0 0',
        [
          [
            's',
            [
              ['1-1', ['a', '1']],
              ['2-1', ['a', '2']],
            ],
          ],
        ],
      ],
      ['XREAD MAXSIZE 1 STREAMS t s 0 0', [['t', [['1-1', ['a', '1']]]]]],
      ['XREAD COUNT 3 MAXCOUNT 2 STREAMS s 0', error('ERR MAXCOUNT must be greater than or equal to COUNT')],
    ],
    { since: '8.10' },
  ),
]
