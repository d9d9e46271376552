import { works } from '../directive.js'
import { baseName, directory } from '../kinds/names.js'
import { anyInteger, INT_MAX, integer } from '../kinds/number.js'
import { savePoints } from '../kinds/save-points.js'
import { oneOf, yesNo } from '../kinds/word.js'

const usual = [
  { seconds: 3600, changes: 1 },
  { seconds: 300, changes: 100 },
  { seconds: 60, changes: 10000 },
]

const fileName = baseName('dbfilename', 'filename', true)
const sanitize = oneOf(['no', 'yes', 'clients'])

export const snapshot = [
  works('save', savePoints, usual, 'Save after so many seconds, given so many changes.', 'always-written'),
  works('stop-writes-on-bgsave-error', yesNo, true, 'Refuse writes while saving fails.'),
  works('rdbcompression', yesNo, true, 'Compress long strings in the snapshot (LZF).'),
  works('rdbchecksum', yesNo, true, 'End the snapshot with a checksum (CRC64).', 'immutable'),
  works('sanitize-dump-payload', sanitize, 'no', 'Check the inside of restored values.'),
  works('dbfilename', fileName, 'dump.rdb', 'File of the snapshot, inside `dir`.', 'protected'),
  works(
    'dir',
    directory,
    '',
    'The working directory: snapshots and logs live in it.',
    'protected',
    'deny-loading',
    'at-once',
    'always-written',
  ),
  works('rdb-del-sync-files', yesNo, false, 'Remove snapshots that were made only to feed replicas.'),
  works('rdb-save-incremental-fsync', yesNo, true, 'Flush the snapshot to disk as it is written.'),
  works('rdb-key-save-delay', anyInteger, 0, 'Microseconds to wait at each key saved, for tests.', 'hidden'),
  works('key-load-delay', anyInteger, 0, 'Microseconds to wait at each key loaded, for tests.', 'hidden'),
  works(
    'loading-process-events-interval-bytes',
    integer(1024, INT_MAX),
    2 * 1024 ** 2,
    'Bytes loaded between two looks at the clients.',
    'hidden',
  ),
] as const
