/** What a client can do wrong with streams: see errors.ts. */

import { CommandError, errorLine } from './errors.js'

const error = (line: string): CommandError => new CommandError(line)

export const INVALID_STREAM_ID = error('ERR Invalid stream ID specified as stream command argument')
export const INVALID_START_ID = error('ERR invalid start ID for the interval')
export const INVALID_END_ID = error('ERR invalid end ID for the interval')
export const ID_IS_ZERO = error('ERR The ID specified in XADD must be greater than 0-0')
export const ID_TOO_SMALL = error(
  'ERR The ID specified in XADD is equal or smaller than the target stream top item',
)
export const IDS_EXHAUSTED = error(
  'ERR The stream has exhausted the last possible ID, unable to add more items',
)
export const ENTRY_TOO_LARGE = error('ERR Elements are too large to be stored')
export const TWO_TRIMS = error(
  'ERR syntax error, MAXLEN and MINID options at the same time are not compatible',
)
export const NEGATIVE_MAXLEN = error('ERR The MAXLEN argument must be >= 0.')
export const NEGATIVE_LIMIT = error('ERR The LIMIT argument must be >= 0.')
export const LIMIT_WITHOUT_TRIM = error(
  'ERR syntax error, LIMIT cannot be used without specifying a trimming strategy',
)
export const XTRIM_WITHOUT_TRIM = error('ERR syntax error, XTRIM must be called with a trimming strategy')
export const LIMIT_WITHOUT_TILDE = error(
  'ERR syntax error, LIMIT cannot be used without the special ~ option',
)
export const IDMP_NEEDS_AUTO_ID = error('ERR IDMP/IDMPAUTO can be used only with auto-generated IDs')
export const EMPTY_PRODUCER = error('ERR IDMP/IDMPAUTO requires a non-empty producer ID')
export const EMPTY_IDEMPOTENT_ID = error('ERR IDMP requires a non-empty idempotent ID')
export const BAD_NUMIDS = error('ERR Number of IDs must be a positive integer')
export const NUMIDS_MISMATCH = error('ERR The `numids` parameter must match the number of arguments')
export const NO_STREAM = error('ERR no such key')
export const UNBALANCED_STREAMS = error(
  "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.",
)
export const GROUP_IN_XREAD = error(
  'ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.',
)
export const NOACK_IN_XREAD = error(
  'ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.',
)
export const CLAIM_IN_XREAD = error(
  'ERR The CLAIM option is only supported by XREADGROUP. You called XREAD instead.',
)
export const GROUP_MISSING = error('ERR Missing GROUP option for XREADGROUP')
export const DOLLAR_IN_GROUP = error(
  'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by ' +
    'specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
)
export const PLUS_IN_GROUP = error(
  'ERR The + ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by ' +
    'specifying a proper ID, or use the > ID to get new messages. The + ID would just return an empty result set.',
)
export const NEW_ID_IN_XREAD = error(
  'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
)
export const BAD_MAXCOUNT = error('ERR MAXCOUNT must be a positive integer')
export const BAD_MAXSIZE = error('ERR MAXSIZE must be a positive integer')
export const MAXCOUNT_BELOW_COUNT = error('ERR MAXCOUNT must be greater than or equal to COUNT')
export const BAD_CLAIM_IDLE = error('ERR min-idle-time is not an integer or out of range')
export const STREAM_GONE = error('UNBLOCKED the stream key no longer exists')
export const GROUP_GONE = error('NOGROUP the consumer group this client was blocked on no longer exists')
export const GROUP_NEEDS_KEY = error(
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM ' +
    'option to create an empty stream automatically.',
)
export const GROUP_EXISTS = error('BUSYGROUP Consumer Group name already exists')
export const BAD_ENTRIES_READ = error('ERR value for ENTRIESREAD must be positive or -1')
export const BAD_ENTRIES_ADDED = error('ERR entries_added must be positive')
export const LAST_ID_BELOW_DELETED = error(
  'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
)
export const LAST_ID_BELOW_TOP = error(
  'ERR The ID specified in XSETID is smaller than the target stream top item',
)
export const ADDED_BELOW_LENGTH = error(
  'ERR The entries_added specified in XSETID is smaller than the target stream length',
)
export const BAD_COUNT = error('ERR COUNT must be > 0')
export const BAD_IDMP_DURATION = error('ERR IDMP-DURATION must be between 1 and 86400 seconds')
export const BAD_IDMP_MAXSIZE = error('ERR IDMP-MAXSIZE must be between 1 and 10000 entries')
export const BAD_RETRYCOUNT = error('ERR RETRYCOUNT must be >= 0')

export const noGroup = (key: string, group: string, where = ''): CommandError =>
  error(errorLine(`NOGROUP No such key '${key}' or consumer group '${group}'${where}`))

export const noGroupInKey = (group: string, key: string): CommandError =>
  error(errorLine(`NOGROUP No such consumer group '${group}' for key name '${key}'`))

/** `what`: min-idle-time, or the name of an option with the word option behind it. */
export const invalidClaimNumber = (what: string, command: string): CommandError =>
  error(`ERR Invalid ${what} argument for ${command}`)

export const unknownClaimOption = (option: string): CommandError =>
  error(errorLine(`ERR Unrecognized XCLAIM option '${option}'`))
