import { error, type SessionTable, table } from '../support/session.js'

const NOT_ONE = error('WRONGTYPE Key is not a valid HyperLogLog string value.')
const WRONG = error('WRONGTYPE Operation against a key holding the wrong kind of value')
const CORRUPT = error('INVALIDOBJ Corrupted HLL object detected')

/** The header of a sparse value, its cached cardinality stale. */
const SPARSE = Buffer.from('HYLL\x01\0\0\0\0\0\0\0\0\0\0\x80', 'latin1')
const EMPTY = 'HYLL\x01\0\0\0\0\0\0\0\0\0\0\x80\x7f\xff'

const opcodes = (...bytes: readonly number[]): Buffer => Buffer.concat([SPARSE, Buffer.from(bytes)])

export const hyperLogLogs: readonly SessionTable[] = [
  table('PFADD and PFCOUNT', [
    ['PFADD h', 1],
    ['GET h', EMPTY],
    ['PFADD h', 0],
    ['PFCOUNT h', 0],
    ['PFADD h a b c', 1],
    ['PFADD h a b c', 0],
    ['PFADD h ""', 1],
    ['PFCOUNT h', 4],
    ['PFCOUNT missing', 0],
    ['PFADD other c d', 1],
    ['PFCOUNT h other missing', 5],
    ['PFCOUNT', error("ERR wrong number of arguments for 'pfcount' command")],
  ]),

  table('PFCOUNT keeps its estimate in the value until an element changes it', [
    ['PFADD h a b c', 1],
    ['BITFIELD_RO h GET u8 #15', [0x80]],
    ['PFCOUNT h', 3],
    ['BITFIELD_RO h GET u8 #8 GET u8 #15', [3, 0]],
    ['PFADD h a b c', 0],
    ['BITFIELD_RO h GET u8 #15', [0]],
    ['PFADD h 1 2 3', 1],
    ['BITFIELD_RO h GET u8 #15', [0x80]],
  ]),

  table('PFMERGE', [
    ['PFADD a 1 2 3', 1],
    ['PFADD b 3 4', 1],
    ['PFMERGE to a b missing', 'OK'],
    ['PFCOUNT to', 4],
    ['PFMERGE a', 'OK'],
    ['BITFIELD_RO a GET u8 #15', [0x80]],
    ['PFMERGE fresh', 'OK'],
    ['GET fresh', EMPTY],
    ['PFDEBUG TODENSE b', 1],
    ['PFMERGE to b', 'OK'],
    ['PFDEBUG ENCODING to', 'dense'],
    ['PFCOUNT to', 4],
  ]),

  table(
    'hll-sparse-max-bytes',
    [
      ['PFADD h 1 2 3 4 5', 1],
      ['PFDEBUG ENCODING h', 'sparse'],
      ['PFADD h 6 7 8 9 10', 1],
      ['PFDEBUG ENCODING h', 'dense'],
      ['PFCOUNT h', 10],
      ['PFADD h 10', 0],
      ['PFADD h 11', 1],
    ],
    { config: { 'hll-sparse-max-bytes': '40' } },
  ),

  table('PFDEBUG', [
    ['PFADD h a', 1],
    ['PFDEBUG DECODE h', 'Z:12711 v:2,1 Z:3672'],
    ['PFDEBUG ENCODING h', 'sparse'],
    ['PFDEBUG TODENSE h', 1],
    ['PFDEBUG todense h', 0],
    ['PFDEBUG DECODE h', error('ERR HLL encoding is not sparse')],
    ['PFDEBUG LOOK h', error("ERR Unknown PFDEBUG subcommand 'LOOK'")],
    ['PFDEBUG LOOK missing', error('ERR The specified key does not exist')],
    ['PFDEBUG DECODE', error("ERR wrong number of arguments for 'pfdebug' command")],
    ['PFCOUNT h', 1],
    ['PFSELFTEST', 'OK', { differs: 'it takes seconds there' }],
  ]),

  table('what is no HyperLogLog', [
    ['SET text hello', 'OK'],
    ['PFADD text a', NOT_ONE],
    ['PFCOUNT text', NOT_ONE],
    ['PFCOUNT missing text', NOT_ONE],
    ['PFMERGE to text', NOT_ONE],
    ['PFMERGE text', NOT_ONE],
    ['PFDEBUG ENCODING text', NOT_ONE],
    ['SET number 12345678901234567', 'OK'],
    ['PFCOUNT number', NOT_ONE],
    ['LPUSH list a', 1],
    ['PFADD list a', WRONG],
    ['PFCOUNT list', WRONG],
    ['PFCOUNT list missing', WRONG],
    ['PFMERGE list', WRONG],
  ]),

  table('corrupt opcodes', [
    [['SET', 'short', opcodes(0x7f, 0xfe)], 'OK'],
    ['PFCOUNT short', CORRUPT],
    ['PFCOUNT short missing', CORRUPT],
    ['PFMERGE to short', CORRUPT],
    ['GET to', null],
    ['PFDEBUG GETREG short', CORRUPT],
    ['PFDEBUG TODENSE short', CORRUPT],
    ['PFDEBUG DECODE short', 'Z:16383'],
    [['SET', 'long', opcodes(0x7f, 0xff, 0x00)], 'OK'],
    ['PFCOUNT long', CORRUPT],
    ['PFMERGE to long', CORRUPT],
    [['SET', 'none', opcodes()], 'OK'],
    ['PFCOUNT none', CORRUPT],
    ['PFADD none a', CORRUPT],
  ]),

  table('PFADD that meets corrupt opcodes changes nothing', [
    [['SET', 'half', opcodes(0x60, 0x00)], 'OK'],
    ['PFADD half 0 1 2 3 4 5 6 7', CORRUPT],
    ['PFDEBUG DECODE half', 'Z:8193', { differs: 'redis-server has raised the registers it met before' }],
  ]),
]
