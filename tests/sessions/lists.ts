import { after, any, by, error, next, nothing, type SessionTable, table } from '../support/session.js'

const WRONG_TYPE = error('WRONGTYPE Operation against a key holding the wrong kind of value')
const NOT_INTEGER = error('ERR value is not an integer or out of range')
const NEGATIVE = error('ERR value is out of range, must be positive')
const SYNTAX = error('ERR syntax error')

const RANK_ZERO = error(
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... " +
    'or use negative to start from the end of the list',
)

export const lists: readonly SessionTable[] = [
  table('LPUSH and RPUSH put elements at the ends, one after the other', [
    ['LPUSH l a b c', 3],
    ['RPUSH l x', 4],
    ['LRANGE l 0 -1', ['c', 'b', 'a', 'x']],
    ['LPUSHX l y', 5],
    ['LPUSHX nothing y', 0],
    ['EXISTS nothing', 0],
    ['OBJECT ENCODING l', 'quicklist'],
    ['SET s text', 'OK'],
    ['LPUSH s a', WRONG_TYPE],
    ['RPUSHX s a', WRONG_TYPE],
  ]),

  table('LPOP and RPOP take one element, or some as an array', [
    ['RPUSH l 1 2 3 4 5', 5],
    ['LPOP l', '1'],
    ['RPOP l', '5'],
    ['RPOP l 2', ['4', '3']],
    ['LPOP l 0', []],
    ['LPOP l -1', NEGATIVE],
    ['LPOP l x', NEGATIVE],
    ['LPOP l 10', ['2']],
    ['EXISTS l', 0],
    ['LPOP l', null],
    ['LPOP l 1', null],
    ['LPOP l 1 2', error("ERR wrong number of arguments for 'lpop' command")],
  ]),

  table('LRANGE and LINDEX count from either end', [
    ['RPUSH l a b c', 3],
    ['LRANGE l -2 100', ['b', 'c']],
    ['LRANGE l 2 1', []],
    ['LRANGE l -100 0', ['a']],
    ['LRANGE none 0 -1', []],
    ['LRANGE l x 1', NOT_INTEGER],
    ['LINDEX l -1', 'c'],
    ['LINDEX l 3', null],
    ['LINDEX none x', null],
  ]),

  table('LSET, LINSERT, LREM and LTRIM change a list anywhere', [
    ['RPUSH l a b a c a', 5],
    ['LSET l 1 B', 'OK'],
    ['LSET l 9 B', error('ERR index out of range')],
    ['LSET none 0 B', error('ERR no such key')],
    ['LINSERT l BEFORE B x', 6],
    ['LINSERT l AFTER a y', 7],
    ['LINSERT l AFTER nobody y', -1],
    ['LINSERT none AFTER a y', 0],
    ['LINSERT l BESIDE a y', SYNTAX],
    ['LRANGE l 0 -1', ['a', 'y', 'x', 'B', 'a', 'c', 'a']],
    ['LREM l -2 a', 2],
    ['LRANGE l 0 -1', ['a', 'y', 'x', 'B', 'c']],
    ['LTRIM l 1 -2', 'OK'],
    ['LRANGE l 0 -1', ['y', 'x', 'B']],
    ['LTRIM l 5 9', 'OK'],
    ['EXISTS l', 0],
  ]),

  table('LPOS tells where', [
    ['RPUSH l a b c a b c a', 7],
    ['LPOS l b', 1],
    ['LPOS l b RANK 2', 4],
    ['LPOS l b RANK -1', 4],
    ['LPOS l b RANK -9223372036854775807', null],
    ['LPOS l b RANK -9223372036854775808', 4],
    ['LPOS l a COUNT 0', [0, 3, 6]],
    ['LPOS l a COUNT 2 RANK -1', [6, 3]],
    ['LPOS l c MAXLEN 2', null],
    ['LPOS l nobody COUNT 0', []],
    ['LPOS l a COUNT -1', error("ERR COUNT can't be negative")],
    ['LPOS l a RANK 0 COUNT -1', RANK_ZERO],
    ['LPOS l a RANK 0 NONSENSE', RANK_ZERO],
    ['LPOS l a COUNT -1 RANK 0', error("ERR COUNT can't be negative")],
    ['LPOS none a', null],
    ['LPOS none a COUNT 1', []],
  ]),

  table('LMOVE and RPOPLPUSH move an element, also round one list', [
    ['RPUSH l 1 2 3', 3],
    ['LMOVE l m LEFT RIGHT', '1'],
    ['RPOPLPUSH l m', '3'],
    ['LRANGE m 0 -1', ['3', '1']],
    ['LMOVE l l LEFT LEFT', '2'],
    ['LMOVE m m LEFT RIGHT', '3'],
    ['LRANGE m 0 -1', ['1', '3']],
    ['LMOVE none m LEFT RIGHT', null],
    ['LMOVE l m LEFT UP', SYNTAX],
    ['SET s text', 'OK'],
    ['LMOVE l s LEFT LEFT', WRONG_TYPE],
    ['LLEN l', 1],
  ]),

  table('LMPOP takes from the first list that there is', [
    ['RPUSH b 1 2 3', 3],
    ['LMPOP 2 a b LEFT', ['b', ['1']]],
    ['LMPOP 2 a b RIGHT COUNT 9', ['b', ['3', '2']]],
    ['LMPOP 1 b LEFT', null],
    ['LMPOP 0 b LEFT', error('ERR numkeys should be greater than 0')],
    ['LMPOP 1 b LEFT COUNT 0', error('ERR count should be greater than 0')],
    ['LMPOP 2 b LEFT', SYNTAX],
    ['LMPOP 1 b LEFT COUNT 1 COUNT 2', SYNTAX],
  ]),

  table(
    'LMOVEM moves several, one by one or in their order',
    [
      ['RPUSH l 1 2 3 4 5', 5],
      ['LMOVEM l m LEFT LEFT COUNT 2 OBO', ['2', '1']],
      ['LMOVEM l m LEFT LEFT COUNT 2 BULK', ['3', '4']],
      ['LRANGE m 0 -1', ['3', '4', '2', '1']],
      ['LMOVEM l m LEFT RIGHT EXACTLY 2 OBO', null],
      ['LMOVEM l m LEFT RIGHT', ['5']],
      ['EXISTS l', 0],
      ['LMOVEM l m LEFT RIGHT COUNT 2 BULK', null],
      ['LMOVEM m m RIGHT LEFT COUNT 9 BULK', ['3', '4', '2', '1', '5']],
      ['LMOVEM m m RIGHT LEFT COUNT 1', SYNTAX],
    ],
    { since: '8.10.0' },
  ),
]

export const blocking: readonly SessionTable[] = [
  table('BLPOP does not wait for what is there', [
    ['RPUSH b 1 2', 2],
    ['BLPOP a b 0', ['b', '1']],
    ['BRPOP b a 0', ['b', '2']],
    ['SET s text', 'OK'],
    ['BLPOP a s 0', WRONG_TYPE],
    ['BLPOP a x', error('ERR timeout is not a float or out of range')],
    ['BLPOP a -1', error('ERR timeout is negative')],
    ['BLPOP a 1e300', error('ERR timeout is negative')],
    ['BLPOP a 1e400', error('ERR timeout is negative')],
    ['BLPOP a -1e400', error('ERR timeout is negative')],
    ['BLPOP a inf', error('ERR timeout is negative')],
    ['BLPOP a 1e5000', error('ERR timeout is not a float or out of range')],
  ]),

  table('BLPOP is served by a push, in the order in which clients came', [
    [by('w1', 'BLPOP a b 0'), nothing],
    [by('w2', 'BRPOP b 0'), nothing],
    ['RPUSH b 1 2 3', 3],
    [next('w1'), ['b', '1']],
    [next('w2'), ['b', '3']],
    ['LRANGE b 0 -1', ['2']],
  ]),

  table('the key that is ready first is served first, whatever the order of the arguments', [
    [by('w', 'BLPOP a b 0'), nothing],
    ['MULTI', 'OK'],
    ['RPUSH b 2', 'QUEUED'],
    ['RPUSH a 1', 'QUEUED'],
    ['EXEC', [1, 1]],
    [next('w'), ['b', '2']],
  ]),

  table('an element that comes and goes within a transaction wakes nobody', [
    [by('w', 'BLPOP a 0'), nothing],
    ['MULTI', 'OK'],
    ['RPUSH a 1', 'QUEUED'],
    ['DEL a', 'QUEUED'],
    ['EXEC', [1, 1]],
    [by('w', 'PING'), nothing],
    ['RPUSH a 2', 1],
    [next('w'), ['a', '2']],
    [next('w'), 'PONG'],
  ]),

  table('a key of another type wakes nobody', [
    [by('w', 'BLPOP a 0'), nothing],
    ['SET a text', 'OK'],
    ['DEL a', 1],
    ['RPUSH a 1', 1],
    [next('w'), ['a', '1']],
  ]),

  table('RENAME and COPY bring what somebody waits for', [
    [by('w', 'BLPOP a 0'), nothing],
    ['RPUSH b 1', 1],
    ['RENAME b a', 'OK'],
    [next('w'), ['a', '1']],
    [by('w', 'BRPOP a 0'), nothing],
    ['RPUSH b 2', 1],
    ['COPY b a', 1],
    [next('w'), ['a', '2']],
  ]),

  table('the time is up', [
    [by('w', 'BLPOP a 0.5'), nothing],
    [by('v', 'BLMOVE a b LEFT RIGHT 0.5'), nothing],
    [by('t', 'BRPOPLPUSH a b 0.5'), nothing],
    [by('u', 'BLMPOP 0.5 1 a LEFT'), nothing],
    [after(800)],
    [next('w'), null],
    [next('v'), null],
    [next('t'), null],
    [next('u'), null],
    ['RPUSH a 1', 1],
    ['LLEN a', 1],
  ]),

  table('inside MULTI the time is up at once', [
    ['MULTI', 'OK'],
    ['BLPOP a 0', 'QUEUED'],
    ['BLMOVE a b LEFT RIGHT 0', 'QUEUED'],
    ['BRPOPLPUSH a b 0', 'QUEUED'],
    ['BLMPOP 0 1 a LEFT', 'QUEUED'],
    ['EXEC', [null, null, null, null]],
  ]),

  table('BLMOVE serves those who wait for its destination', [
    [by('w', 'BLPOP b 0'), nothing],
    [by('v', 'BLMOVE a b LEFT LEFT 0'), nothing],
    ['RPUSH a 1', 1],
    [next('v'), '1'],
    [next('w'), ['b', '1']],
    ['EXISTS a b', 0],
  ]),

  table('a ring of movers comes to rest', [
    [by('w', 'BRPOPLPUSH a b 0'), nothing],
    [by('v', 'BRPOPLPUSH b a 0'), nothing],
    ['RPUSH a 1', 1],
    [next('w'), '1'],
    [next('v'), '1'],
    ['LRANGE a 0 -1', ['1']],
  ]),

  table('a mover whose destination is no list is told so, and takes nothing', [
    ['SET b text', 'OK'],
    [by('w', 'BLMOVE a b LEFT LEFT 0'), nothing],
    ['RPUSH a 1', 1],
    [next('w'), WRONG_TYPE],
    ['LRANGE a 0 -1', ['1']],
  ]),

  table('BLMPOP takes as many as there are', [
    [by('w', 'BLMPOP 0 2 a b RIGHT COUNT 5'), nothing],
    ['RPUSH b 1 2', 2],
    [next('w'), ['b', ['2', '1']]],
    ['BLMPOP 0 0 b LEFT', error('ERR numkeys should be greater than 0')],
    ['BLMPOP x 1 b LEFT COUNT 0', error('ERR count should be greater than 0')],
    ['BLMPOP x 1 b LEFT', error('ERR timeout is not a float or out of range')],
  ]),

  table('CLIENT UNBLOCK ends the waiting', [
    [by('w', 'CLIENT ID'), any],
    [by('w', 'BLPOP a 0'), nothing],
    ['CLIENT UNBLOCK 999', 0],
  ]),

  table('SWAPDB brings what somebody waits for', [
    [by('w', 'SELECT 1'), 'OK'],
    [by('w', 'BLPOP a 0'), nothing],
    ['RPUSH a 1', 1],
    ['SWAPDB 0 1', 'OK'],
    [next('w'), ['a', '1']],
  ]),

  table(
    'BLMOVEM EXACTLY waits until there are enough',
    [
      [by('w', 'BLMOVEM a b LEFT RIGHT 0 EXACTLY 3 BULK'), nothing],
      ['RPUSH a 1', 1],
      ['LLEN a', 1],
      ['RPUSH a 2 3 4', 4],
      [next('w'), ['1', '2', '3']],
      ['LRANGE a 0 -1', ['4']],
      [by('w', 'BLMOVEM a b LEFT RIGHT 0 COUNT 3 BULK'), ['4']],
      [by('w', 'BLMOVEM a b LEFT RIGHT 0.1'), nothing],
      [after(300)],
      [next('w'), null],
    ],
    { since: '8.10.0' },
  ),
]
