import { error, type SessionTable, table } from '../support/session.js'

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
]
