import { after, by, error, type SessionTable, table } from '../support/session.js'

const ABORTED = error('EXECABORT Transaction discarded because of previous errors.')
const NO_MULTI = error('ERR EXEC without MULTI')
const UNKNOWN = error("ERR unknown command 'no-such-command', with args beginning with: ")

export const transactions: readonly SessionTable[] = [
  table('MULTI queues and EXEC runs', [
    ['SET a 1', 'OK'],
    ['MULTI', 'OK'],
    ['INCR a', 'QUEUED'],
    ['PING', 'QUEUED'],
    ['EXEC', [2, 'PONG']],
    ['GET a', '2'],
  ]),

  table('an empty transaction', [
    ['MULTI', 'OK'],
    ['EXEC', []],
    ['EXEC', NO_MULTI],
  ]),

  table('DISCARD runs nothing', [
    ['MULTI', 'OK'],
    ['SET a 1', 'QUEUED'],
    ['DISCARD', 'OK'],
    ['GET a', null],
    ['DISCARD', error('ERR DISCARD without MULTI')],
  ]),

  table('MULTI and WATCH within MULTI are errors that abort nothing', [
    ['MULTI', 'OK'],
    ['SET a 1', 'QUEUED'],
    ['MULTI', error('ERR MULTI calls can not be nested')],
    ['WATCH a', error('ERR WATCH inside MULTI is not allowed')],
    ['EXEC', ['OK']],
  ]),

  table('a command that cannot be queued aborts all', [
    ['MULTI', 'OK'],
    ['SET a 1', 'QUEUED'],
    ['no-such-command', UNKNOWN],
    ['SET b 2', 'QUEUED'],
    ['EXEC', ABORTED],
    ['EXISTS a b', 0],
    ['PING', 'PONG'],
  ]),

  table('a wrong number of arguments aborts all', [
    ['MULTI', 'OK'],
    ['SET a', error("ERR wrong number of arguments for 'set' command")],
    ['EXEC', ABORTED],
    ['MULTI', 'OK'],
    ['CLIENT NO-SUCH', error("ERR unknown subcommand 'NO-SUCH'. Try CLIENT HELP.")],
    ['EXEC', ABORTED],
  ]),

  table('a command that fails as it runs aborts nothing', [
    ['SET a text', 'OK'],
    ['MULTI', 'OK'],
    ['INCR a', 'QUEUED'],
    ['SET b 1', 'QUEUED'],
    ['EXEC', [error('ERR value is not an integer or out of range'), 'OK']],
    ['GET b', '1'],
  ]),

  table('EXEC with arguments ends the transaction and says why', [
    [
      'EXEC now',
      error("EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command"),
    ],
    ['MULTI', 'OK'],
    [
      'EXEC now',
      error("EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command"),
    ],
    ['EXEC', NO_MULTI],
  ]),

  table('SELECT within MULTI holds for what follows', [
    ['MULTI', 'OK'],
    ['SELECT 1', 'QUEUED'],
    ['SET a one', 'QUEUED'],
    ['EXEC', ['OK', 'OK']],
    ['GET a', 'one'],
    ['SELECT 0', 'OK'],
    ['GET a', null],
  ]),

  table('SELECT and CLIENT within MULTI: subcommands are queued by their full name', [
    ['MULTI', 'OK'],
    ['CLIENT GETNAME', 'QUEUED'],
    ['EXEC', [null]],
  ]),

  table('WATCH lets EXEC run while the key stays as it is', [
    ['SET x 30', 'OK'],
    ['WATCH x y z', 'OK'],
    [by('b', 'GET x'), '30'],
    ['MULTI', 'OK'],
    ['PING', 'QUEUED'],
    ['EXEC', ['PONG']],
  ]),

  table('WATCH breaks EXEC when another client changes the key', [
    ['SET x 30', 'OK'],
    ['WATCH a b x', 'OK'],
    [by('b', 'SET x 40'), 'OK'],
    ['MULTI', 'OK'],
    ['SET x 50', 'QUEUED'],
    ['EXEC', null],
    ['GET x', '40'],
    ['MULTI', 'OK'],
    ['SET x 50', 'QUEUED'],
    ['EXEC', ['OK']],
  ]),

  table('WATCH breaks EXEC when the client itself changes the key', [
    ['WATCH x', 'OK'],
    ['SET x 40', 'OK'],
    ['MULTI', 'OK'],
    ['PING', 'QUEUED'],
    ['EXEC', null],
  ]),

  table('WATCH of a missing key breaks when it comes to be', [
    ['WATCH x', 'OK'],
    [by('b', 'SETNX x 1'), 1],
    ['MULTI', 'OK'],
    ['EXEC', null],
  ]),

  table('a write that changes nothing does not break a watch', [
    ['SET x 1', 'OK'],
    ['WATCH x', 'OK'],
    [by('b', 'SETNX x 2'), 0],
    ['MULTI', 'OK'],
    ['EXEC', []],
  ]),

  table('WATCH knows the database', [
    ['SET x 30', 'OK'],
    ['WATCH x', 'OK'],
    ['SELECT 1', 'OK'],
    ['SET x 10', 'OK'],
    ['SELECT 0', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', []],
  ]),

  table('an error while queueing is told before a broken watch', [
    ['WATCH x', 'OK'],
    ['SET x 1', 'OK'],
    ['MULTI', 'OK'],
    ['no-such-command', UNKNOWN],
    ['EXEC', ABORTED],
  ]),

  table('UNWATCH forgets, and so do DISCARD and RESET', [
    ['WATCH x', 'OK'],
    ['SET x 1', 'OK'],
    ['UNWATCH', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', []],
    ['WATCH x', 'OK'],
    ['SET x 2', 'OK'],
    ['MULTI', 'OK'],
    ['DISCARD', 'OK'],
    ['SET x 3', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', []],
    ['WATCH x', 'OK'],
    ['RESET', 'RESET'],
    ['SET x 4', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', []],
    ['UNWATCH', 'OK'],
  ]),

  table('RESET within MULTI ends the transaction', [
    ['MULTI', 'OK'],
    ['SET x 1', 'QUEUED'],
    ['RESET', 'RESET'],
    ['EXEC', NO_MULTI],
    ['GET x', null],
  ]),

  table('WATCH breaks when the key falls due, even if nobody has met it since', [
    ['SET x 1 PX 100', 'OK'],
    ['WATCH x', 'OK'],
    [after(101)],
    ['MULTI', 'OK'],
    ['INCR x', 'QUEUED'],
    ['EXEC', null],
  ]),

  table('FLUSHALL and FLUSHDB break watches of keys that were there', [
    ['SET x 30', 'OK'],
    ['WATCH x', 'OK'],
    ['FLUSHALL', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', null],
    ['WATCH x', 'OK'],
    ['FLUSHALL', 'OK'],
    ['FLUSHDB', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', []],
    ['SET x 30', 'OK'],
    ['WATCH x', 'OK'],
    ['FLUSHDB', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', null],
  ]),

  table('SWAPDB breaks watches of keys that were or are there', [
    ['SET x 30', 'OK'],
    ['WATCH x', 'OK'],
    ['SWAPDB 0 1', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', null],
    ['WATCH x', 'OK'],
    ['SWAPDB 0 1', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', null],
    ['WATCH other', 'OK'],
    ['SWAPDB 0 1', 'OK'],
    ['MULTI', 'OK'],
    ['EXEC', []],
  ]),
]
