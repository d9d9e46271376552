import { describe } from 'vitest'
import { after, by, error, type Matcher, matches, next, nothing, session } from '../support/session.js'

/** What changes for clients when a server follows another, or ends while others follow it. */

const tells = (line: RegExp): Matcher =>
  matches(reply => typeof reply === 'string' && line.test(reply), `a text with ${line}`)

describe('a replica', () => {
  session('whose master is away refuses writes, and with stale data reads', [
    ['SET a 1', 'OK'],
    ['REPLICAOF 127.0.0.1 1', 'OK'],
    ['SET a 2', error("READONLY You can't write against a read only replica.")],
    ['GET a', '1'],
    ['CONFIG SET replica-serve-stale-data no', 'OK'],
    ['GET a', error("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.")],
    ['REPLICAOF NO ONE', 'OK'],
    ['SET a 2', 'OK'],
  ])

  session('that may be written to lets the keys of its own clients die, and no others', [
    ['SET theirs 1 PX 100', 'OK'],
    ['REPLICAOF 127.0.0.1 1', 'OK'],
    ['CONFIG SET replica-read-only no', 'OK'],
    ['SET ours 1 PX 100', 'OK'],
    ['SET stays 1', 'OK'],
    ['SET turns 1 PX 100', 'OK'],
    ['PERSIST turns', 1],
    ['INFO stats', tells(/slave_expires_tracked_keys:1\r/)],
    [after(300)],
    ['DBSIZE', 3],
    ['GET theirs', null],
    ['INFO stats', tells(/slave_expires_tracked_keys:0\r/)],
  ])

  session('ends who waits for keys when it becomes one', [
    ['BLPOP list 0', nothing],
    [by('b', 'REPLICAOF 127.0.0.1 1'), 'OK'],
    [
      next('a'),
      error('UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)'),
    ],
  ])
})

describe('the end of a master', () => {
  const waiting = [
    [by('replica', 'PSYNC ? -1'), nothing],
    [by('b', 'SET b 1'), 'OK'],
    ['SHUTDOWN', nothing],
    [by('b', 'INFO server'), tells(/shutdown_in_milliseconds:10000\r/)],
  ] as const

  session('waits for its replicas, and can be called off', [
    ...waiting,
    [by('b', 'SET a 1'), nothing],
    [by('c', 'SHUTDOWN ABORT'), 'OK'],
    [next('b'), 'OK'],
    [by('c', 'SHUTDOWN ABORT'), error('ERR No shutdown in progress.')],
  ])
})
