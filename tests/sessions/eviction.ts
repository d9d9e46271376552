import { any, by, error, type SessionTable, table } from '../support/session.js'

const OOM = error("OOM command not allowed when used memory > 'maxmemory'.")

export const eviction: readonly SessionTable[] = [
  table('without an eviction policy a full memory refuses what would take more, and nothing else', [
    ['SET a b', 'OK'],
    ['CONFIG SET maxmemory 1', 'OK'],
    ['SET c d', OOM],
    ['GET a', 'b'],
    ['DEL a', 1],
    ['MULTI', 'OK'],
    ['SET c d', OOM],
    ['EXEC', error('EXECABORT Transaction discarded because of previous errors.')],
    ['CONFIG SET maxmemory 0', 'OK'],
    ['SET c d', 'OK'],
  ]),
  table('a transaction that needs memory is refused whole', [
    ['MULTI', 'OK'],
    ['SET c d', 'QUEUED'],
    [by('b', 'CONFIG SET maxmemory 1'), 'OK'],
    ['EXEC', error(`EXECABORT Transaction discarded because of: ${OOM.line}`)],
    [by('b', 'CONFIG SET maxmemory 0'), 'OK'],
  ]),
  table('allkeys-random lets every key go when not one byte is allowed', [
    ['SET a 1', 'OK'],
    ['SET b 2', 'OK'],
    ['CONFIG SET maxmemory-policy allkeys-random', 'OK'],
    ['CONFIG SET maxmemory 1', 'OK'],
    ['DBSIZE', 0],
    ['CONFIG SET maxmemory 0', 'OK'],
    ['CONFIG SET maxmemory-policy noeviction', 'OK'],
  ]),
  table('a volatile policy leaves the other keys alone', [
    ['SET stays 1', 'OK'],
    ['SET goes 2 EX 1000', 'OK'],
    ['CONFIG SET maxmemory-policy volatile-ttl', 'OK'],
    ['CONFIG SET maxmemory 1', 'OK'],
    ['EXISTS goes', 0],
    ['EXISTS stays', 1],
    ['SET more 3', OOM],
    ['CONFIG SET maxmemory 0', 'OK'],
    ['CONFIG SET maxmemory-policy noeviction', 'OK'],
  ]),
  table('a transaction that lowers the limit is not disturbed by it', [
    ['CONFIG SET maxmemory-policy allkeys-lru', 'OK'],
    ['MULTI', 'OK'],
    ['INCR x', 'QUEUED'],
    ['CONFIG SET maxmemory 1', 'QUEUED'],
    ['INCR x', 'QUEUED'],
    ['EXEC', any],
    ['DBSIZE', 0],
    ['CONFIG SET maxmemory 0', 'OK'],
    ['CONFIG SET maxmemory-policy noeviction', 'OK'],
  ]),
]
