import { accepted, works } from '../directive.js'
import { baseName } from '../kinds/names.js'
import { count, longCount, size } from '../kinds/number.js'
import { oneOf, text, yesNo } from '../kinds/word.js'

const fileName = baseName('appendfilename', 'filename')
const dirName = baseName('appenddirname', 'dirname')
const backupName = baseName('backupdirname', 'dirname')
const fsync = oneOf(['everysec', 'always', 'no'])

export const appendOnly = [
  works('appendonly', yesNo, false, 'Log every write to a file.', 'deny-loading'),
  works('appendfilename', fileName, 'appendonly.aof', 'How the names of the log files begin.', 'immutable'),
  works('appenddirname', dirName, 'appendonlydir', 'Directory of the log files, inside `dir`.', 'immutable'),
  works('appendfsync', fsync, 'everysec', 'When logged writes are forced to disk.'),
  works('no-appendfsync-on-rewrite', yesNo, false, 'Force nothing to disk while a rewrite or a save runs.'),
  works('auto-aof-rewrite-percentage', count, 100, 'Growth in percent that starts a rewrite; 0 is never.'),
  works('auto-aof-rewrite-min-size', size, 64 * 1024 ** 2, 'Size below which no rewrite starts by itself.'),
  works('aof-load-truncated', yesNo, true, 'Start even if the last command of the log is cut off.'),
  works('aof-load-corrupt-tail-max-size', size, 0, 'Bytes that may be dropped from a corrupt end.'),
  works('aof-use-rdb-preamble', yesNo, true, 'Begin a rewritten log with a snapshot.'),
  works('aof-checksum-enabled', yesNo, false, 'Note checksums in the log, to find damage within values.'),
  works('aof-timestamp-enabled', yesNo, false, 'Note the time in the log, to go back to.'),
  works('aof-rewrite-incremental-fsync', yesNo, true, 'Flush a rewrite to disk as it is written.'),
  works('aof-disable-auto-gc', yesNo, false, 'Keep log files that a rewrite has replaced.'),
  works(
    'backupdirname',
    backupName,
    'backupdir',
    'Directory of the backup, inside `dir`.',
    'immutable',
    'hidden',
  ),
  works('backup-sealed-ttl', longCount, 0, 'Seconds a sealed backup is kept; 0 is until BACKUP CLEANUP.'),
  accepted('preload-file', text, '', 'Snapshot to load before anything else.', 'immutable', 'hidden'),
] as const
