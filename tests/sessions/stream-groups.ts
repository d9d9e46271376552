import { after, by, error, next, nothing, type SessionTable, table } from '../support/session.js'

/** What is around the entries of a stream, and is no change of them. */
export const streamGroups: readonly SessionTable[] = [
  table('What groups do breaks no WATCH of their stream', [
    ['XADD s 1-1 f v', '1-1'],
    ['WATCH s', 'OK'],
    ['XGROUP CREATE s g 0', 'OK'],
    ['XGROUP CREATECONSUMER s g c', 1],
    ['XGROUP SETID s g 0', 'OK'],
    ['XSETID s 5-0', 'OK'],
    ['XGROUP DELCONSUMER s g c', 0],
    ['XGROUP DESTROY s g', 1],
    ['MULTI', 'OK'],
    ['XLEN s', 'QUEUED'],
    ['EXEC', [1]],
    ['WATCH other', 'OK'],
    ['XGROUP CREATE other g 0 MKSTREAM', 'OK'],
    ['MULTI', 'OK'],
    ['XLEN s', 'QUEUED'],
    ['EXEC', null],
  ]),

  table('XINFO STREAM looks at its key before it reads on', [
    ['XINFO STREAM none junk', error('ERR no such key')],
    ['XADD s 1-1 f v', '1-1'],
    [
      'XINFO STREAM s junk',
      error("ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP."),
    ],
  ]),

  table(
    'XREADGROUP CLAIM BLOCK waits for what becomes idle enough',
    [
      ['XADD s 1-1 a 1', '1-1'],
      ['XADD s 2-1 a 2', '2-1'],
      ['XGROUP CREATE s g 0', 'OK'],
      ['XREADGROUP GROUP g alice COUNT 1 STREAMS s >', [['s', [['1-1', ['a', '1']]]]]],
      [after(400)],
      ['XREADGROUP GROUP g alice STREAMS s >', [['s', [['2-1', ['a', '2']]]]]],
      [by('w', 'XREADGROUP GROUP g bob CLAIM 1000 BLOCK 0 STREAMS s >'), nothing],
      [by('x', 'XREADGROUP GROUP g carol CLAIM 1000 BLOCK 1200 STREAMS s >'), nothing],
      [after(500)],
      ['XACK s g 9-9', 0],
      [after(200)],
      [next('w'), [['s', [['1-1', ['a', '1'], 1000, 1]]]]],
      [after(400)],
      [next('x'), [['s', [['2-1', ['a', '2'], 1000, 1]]]]],
      [by('w', 'XREADGROUP GROUP g bob CLAIM 1000 BLOCK 0 STREAMS s >'), nothing],
      ['XACK s g 1-1 2-1', 2],
      [after(2000)],
      ['XADD s 3-1 a 3', '3-1'],
      [next('w'), [['s', [['3-1', ['a', '3'], 0, 0]]]]],
      [by('x', 'XREADGROUP GROUP g carol CLAIM 100000 BLOCK 0 STREAMS s >'), nothing],
      ['XNACK s g FAIL IDS 1 3-1', 1],
      [next('x'), [['s', [['3-1', ['a', '3'], 1000003500, 1]]]]],
      [by('w', 'XREADGROUP GROUP g bob CLAIM 5000 BLOCK 0 STREAMS s >'), nothing],
      ['XCLAIM s g alice 0 3-1 IDLE 6000 JUSTID', ['3-1']],
      [next('w'), [['s', [['3-1', ['a', '3'], 6000, 2]]]]],
      [by('w', 'XREADGROUP GROUP g bob CLAIM 5000 BLOCK 0 STREAMS s >'), nothing],
      ['XDEL s 3-1', 1],
      [after(6000)],
      ['DEL s', 1],
      [next('w'), error('UNBLOCKED the stream key no longer exists')],
    ],
    { since: '8.4' },
  ),

  table(
    'without groups nobody wants an entry: ACKED deletes and trims it',
    [
      ['XADD s 1-1 a 1', '1-1'],
      ['XDELEX s ACKED IDS 1 1-1', [1]],
      ['XADD s 2-1 a 2', '2-1'],
      ['XADD s 3-1 a 3', '3-1'],
      ['XADD s MAXLEN = 2 ACKED 4-1 a 4', '4-1'],
      ['XRANGE s - + COUNT 1', [['3-1', ['a', '3']]]],
      ['XTRIM s MAXLEN = 0 ACKED', 2],
    ],
    { since: '8.2' },
  ),

  table(
    'XREADGROUP CLAIM tells of new entries that they were not delivered before',
    [
      ['XADD s 1-1 a 1', '1-1'],
      ['XADD s 2-1 a 2', '2-1'],
      ['XGROUP CREATE s g 0', 'OK'],
      ['XREADGROUP GROUP g c COUNT 1 STREAMS s >', [['s', [['1-1', ['a', '1']]]]]],
      [after(100)],
      [
        'XREADGROUP GROUP g d CLAIM 100 STREAMS s >',
        [
          [
            's',
            [
              ['1-1', ['a', '1'], 100, 1],
              ['2-1', ['a', '2'], 0, 0],
            ],
          ],
        ],
      ],
      ['XREADGROUP GROUP g d CLAIM 100 COUNT 1 STREAMS s 0', [['s', [['1-1', ['a', '1']]]]]],
    ],
    { since: '8.4' },
  ),
]
