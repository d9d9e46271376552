import { notifies, propagates } from '../../support/session.js'

propagates('SETBIT bits 7 1', 'SETBIT bits 7 1')
propagates('SETBIT bits 7 0', 'SETBIT bits 7 0')
propagates(['SETBIT bits 7 1', 'SETBIT bits 6 0'])
propagates(['SETBIT a 0 1', 'BITOP NOT to a'], 'BITOP NOT to a')
propagates('BITOP AND to missing')
propagates(['SET to x', 'BITOP AND to missing'], 'BITOP AND to missing')
propagates(['SET f ab', 'BITFIELD f GET u8 0'])
propagates('BITFIELD f SET u8 0 1 GET u8 0', 'BITFIELD f SET u8 0 1 GET u8 0')
propagates(['SET f ab', 'BITFIELD f SET u8 0 97'])
propagates('BITFIELD f OVERFLOW FAIL SET u2 0 4')
propagates(['SET f ab', 'BITFIELD f OVERFLOW FAIL INCRBY u2 100 4'])
propagates(
  ['SET f ab', 'BITFIELD f OVERFLOW FAIL SET u2 100 4 SET u8 0 97'],
  'BITFIELD f OVERFLOW FAIL SET u2 100 4 SET u8 0 97',
)

notifies('SETBIT bits 7 1', 'setbit bits')
notifies(['SETBIT bits 7 1', 'SETBIT bits 7 1'])
notifies('BITFIELD f SET u8 0 1 INCRBY u8 0 1', 'setbit f')
notifies('BITFIELD f OVERFLOW FAIL SET u2 0 4')
notifies(['SET a 1', 'BITOP OR to a'], 'set to')
notifies(['SET to 1', 'BITOP OR to a'], 'del to')
notifies('BITOP OR to a')
