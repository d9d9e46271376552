import { error, type SessionTable, table } from '../support/session.js'

const SYNTAX = error('ERR syntax error')

export const sorting: readonly SessionTable[] = [
  table('SORT by number, by bytes, and part of it', [
    ['RPUSH l 3 10 2 -1 2.5', 5],
    ['SORT l', ['-1', '2', '2.5', '3', '10']],
    ['SORT l DESC', ['10', '3', '2.5', '2', '-1']],
    ['SORT l ALPHA', ['-1', '10', '2', '2.5', '3']],
    ['SORT l LIMIT 1 2', ['2', '2.5']],
    ['SORT l LIMIT -5 2', ['-1', '2']],
    ['SORT l LIMIT 9 2', []],
    ['SORT_RO l LIMIT 0 1', ['-1']],
    ['SORT none', []],
    ['RPUSH l text', 6],
    ['SORT l', error("ERR One or more scores can't be converted into double")],
    ['SORT l LIMIT 1', SYNTAX],
    ['SORT_RO l STORE x', SYNTAX],
    ['SET s text', 'OK'],
    ['SORT s', error('WRONGTYPE Operation against a key holding the wrong kind of value')],
  ]),

  table('SORT BY and GET look other keys up', [
    ['RPUSH l a b c', 3],
    ['MSET w_a 3 w_b 1 w_c 2 name_a Ann name_c Cid', 'OK'],
    ['SORT l BY w_*', ['b', 'c', 'a']],
    ['SORT l BY w_* GET # GET name_*', ['b', null, 'c', 'Cid', 'a', 'Ann']],
    ['SORT l BY w_* GET constant', [null, null, null]],
    ['SORT l BY nosort', ['a', 'b', 'c']],
    ['SORT l BY nosort DESC LIMIT 0 2', ['c', 'b']],
    ['SORT l BY name_* ALPHA', ['b', 'a', 'c']],
    ['SORT l BY w_*->field', ['a', 'b', 'c']],
  ]),

  table('SORT STORE makes a list of it, or nothing', [
    ['RPUSH l 3 1 2', 3],
    ['SET d text EX 100', 'OK'],
    ['SORT l STORE d', 3],
    ['LRANGE d 0 -1', ['1', '2', '3']],
    ['TTL d', -1],
    ['SORT l GET name_* STORE l', 3],
    ['LRANGE l 0 -1', ['', '', '']],
    ['SORT none STORE d', 0],
    ['EXISTS d', 0],
    ['COMMAND GETKEYS SORT abc STORE invalid STORE stillbad STORE def', ['abc', 'def']],
  ]),
  table('SORT BY texts that are the same leaves the smaller elements of a set first', [
    ['SADD s c b a d', 4],
    ['MSET w_a x w_b x w_d a', 'OK'],
    ['SORT s BY w_* ALPHA', ['c', 'd', 'a', 'b'], { differs: 'leaves them as its table has them' }],
    ['SORT s BY w_* ALPHA DESC STORE d', 4],
    ['LRANGE d 0 -1', ['b', 'a', 'd', 'c'], { differs: 'leaves them as its table has them' }],
  ]),
]
