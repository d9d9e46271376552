/**
 * What a client can do wrong: a closed list of Redis' own sentences. Each is built once; throwing a ready
 * object costs a twentieth of building one. Sentences that quote the client are functions.
 */

/** An error reply: `line` is what follows the '-' on the wire, code first. */
export class CommandError extends Error {
  override readonly name = 'CommandError'

  /** What a client did wrong is nowhere in our stack, and looking at it takes twenty times as long as the rest. */
  constructor(readonly line: string) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(line)
    Error.stackTraceLimit = stackTraceLimit
  }

  /** The first word: ERR, WRONGTYPE, NOAUTH ... as errorstats counts them. */
  get code(): string {
    const space = this.line.indexOf(' ')
    return space < 0 ? this.line : this.line.slice(0, space)
  }
}

const error = (line: string): CommandError => new CommandError(line)

export const SYNTAX = error('ERR syntax error')
export const WRONG_TYPE = error('WRONGTYPE Operation against a key holding the wrong kind of value')
export const NOT_INTEGER = error('ERR value is not an integer or out of range')
export const NOT_FLOAT = error('ERR value is not a valid float')
export const OUT_OF_RANGE = error('ERR value is out of range')
export const MUST_BE_POSITIVE = error('ERR value is out of range, must be positive')
export const NO_SUCH_KEY = error('ERR no such key')
export const INDEX_OUT_OF_RANGE = error('ERR index out of range')
export const OFFSET_OUT_OF_RANGE = error('ERR offset is out of range')
export const OVERFLOW = error('ERR increment or decrement would overflow')
export const NAN_OR_INFINITY = error('ERR increment would produce NaN or Infinity')
export const STRING_TOO_LONG = error('ERR string exceeds maximum allowed size (proto-max-bulk-len)')
export const INVALID_CURSOR = error('ERR invalid cursor')
export const DB_OUT_OF_RANGE = error('ERR DB index is out of range')
export const SAME_OBJECT = error('ERR source and destination objects are the same')
export const NO_AUTH = error('NOAUTH Authentication required.')
export const WRONG_PASS = error('WRONGPASS invalid username-password pair or user is disabled.')
export const OUT_OF_MEMORY = error("OOM command not allowed when used memory > 'maxmemory'.")
export const LOADING = error('LOADING Redis is loading the dataset in memory')
export const READ_ONLY = error("READONLY You can't write against a read only replica.")
export const EXEC_ABORT = error('EXECABORT Transaction discarded because of previous errors.')
export const EXEC_WITHOUT_MULTI = error('ERR EXEC without MULTI')
export const DISCARD_WITHOUT_MULTI = error('ERR DISCARD without MULTI')
export const NESTED_MULTI = error('ERR MULTI calls can not be nested')
export const WATCH_IN_MULTI = error('ERR WATCH inside MULTI is not allowed')
export const BUSY_KEY = error('BUSYKEY Target key name already exists.')
export const BAD_DUMP = error('ERR DUMP payload version or checksum are wrong')
export const NO_PROTO = error('NOPROTO unsupported protocol version')
export const TIMEOUT_NEGATIVE = error('ERR timeout is negative')
export const TIMEOUT_NOT_FLOAT = error('ERR timeout is not a float or out of range')
export const TIMEOUT_NOT_INTEGER = error('ERR timeout is not an integer or out of range')
export const BIT_OFFSET = error('ERR bit offset is not an integer or out of range')
export const BIT_VALUE = error('ERR bit is not an integer or out of range')
export const BIT_SOUGHT = error('ERR The bit argument must be 1 or 0.')
export const FIELD_TYPE = error(
  'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.',
)
export const FIELD_OVERFLOW = error('ERR Invalid OVERFLOW type specified')
export const FIELD_READ_ONLY = error('ERR BITFIELD_RO only supports the GET subcommand')
export const BITOP_NOT_ONE_KEY = error('ERR BITOP NOT must be called with a single source key.')
export const NOT_HYPERLOGLOG = error('WRONGTYPE Key is not a valid HyperLogLog string value.')
export const CORRUPT_HYPERLOGLOG = error('INVALIDOBJ Corrupted HLL object detected')
export const HYPERLOGLOG_NOT_SPARSE = error('ERR HLL encoding is not sparse')
export const KEY_MISSING = error('ERR The specified key does not exist')
export const DECREMENT_OVERFLOW = error('ERR decrement would overflow')
export const BAD_DIGEST = error('ERR must be exactly 16 hexadecimal characters')
export const BAD_CONDITION = error('ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE')
export const CONDITION_NEEDS_STRING = error('ERR Key should be of string type if conditions are specified')
export const BAD_NUMKEYS = error('ERR invalid numkeys value')
export const PAIRS_MISSING = error('ERR wrong number of key-value pairs')
export const ENX_ALONE = error('ERR ENX flag requires an expiration')
export const BOUNDS_CROSSED = error("ERR LBOUND can't be greater than UBOUND")
export const INFINITE_INCREMENT = error('ERR BYFLOAT increment cannot be Infinity')
export const INFINITE_VALUE = error('ERR value cannot be Infinity')
export const APPLIED_OVERFLOW = error('ERR applied increment would overflow')
export const LCS_NOT_STRINGS = error('ERR The specified keys must contain string values')
export const LCS_LENGTH_AND_INDEXES = error(
  'ERR If you want both the length and indexes, please just use IDX.',
)
export const LCS_TOO_LARGE = error(
  'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len',
)
export const EXPIRE_CONDITIONS = error('ERR NX and XX, GT or LT options at the same time are not compatible')
export const EXPIRE_GT_LT = error('ERR GT and LT options at the same time are not compatible')
const POLICY_CHANGES =
  'Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.'
export const LFU_NOT_SELECTED = error(
  `ERR An LFU maxmemory policy is not selected, access frequency not tracked. ${POLICY_CHANGES}`,
)
export const LFU_SELECTED = error(
  `ERR An LFU maxmemory policy is selected, idle time not tracked. ${POLICY_CHANGES}`,
)
export const INVALID_FIRST_DB = error('ERR invalid first DB index')
export const INVALID_SECOND_DB = error('ERR invalid second DB index')
export const INVALID_TTL = error('ERR Invalid TTL value, must be >= 0')
export const INVALID_IDLETIME = error('ERR Invalid IDLETIME value, must be >= 0')
export const INVALID_FREQ = error('ERR Invalid FREQ value, must be >= 0 and <= 255')
export const PENDING_OUTPUT = error('ERR SYNC and PSYNC are invalid with pending output')
export const INVALID_MASTER_PORT = error('ERR Invalid master port')
export const NO_GOOD_REPLICAS = error('NOREPLICAS Not enough good replicas to write.')
export const NO_MASTER_LINK = error("NOMASTERLINK Can't SYNC while not connected with my master")
export const MASTER_DOWN = error(
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
)
export const REPLICA_KEEPS_OFF = error("ERR Replica can't interact with the keyspace")
export const REPLICAOF_FROM_REPLICA = error('ERR Command is not valid when client is a replica.')
export const REPLICAOF_IN_CLUSTER = error('ERR REPLICAOF not allowed in cluster mode.')
export const REPLICAOF_WHILE_FAILING_OVER = error('ERR REPLICAOF not allowed while failing over.')
export const SYNC_WHILE_FAILING_OVER = error("NOMASTERLINK Can't SYNC while failing over")
export const FAILOVER_OF_MASTER = error("ERR PSYNC FAILOVER can't be sent to a master.")
export const FAILOVER_OF_STRANGER = error('ERR PSYNC FAILOVER replid must match my replid.')
export const FAILOVER_UNDERWAY = error('ERR FAILOVER already in progress.')
export const NO_FAILOVER_UNDERWAY = error('ERR No failover in progress.')
export const FAILOVER_IN_CLUSTER = error(
  'ERR FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead.',
)
export const FAILOVER_ON_REPLICA = error('ERR FAILOVER is not valid when server is a replica.')
export const FAILOVER_WITHOUT_REPLICAS = error('ERR FAILOVER requires connected replicas.')
export const FAILOVER_TIMEOUT = error('ERR FAILOVER timeout must be greater than 0')
export const FORCE_WITHOUT_TARGET = error(
  'ERR FAILOVER with force option requires both a timeout and target HOST and IP.',
)
export const FAILOVER_TO_STRANGER = error('ERR FAILOVER target HOST and PORT is not a replica.')
export const FAILOVER_TO_OFFLINE = error('ERR FAILOVER target replica is not online.')
export const ROLE_CHANGED = error(
  'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
)
export const unknownReplconf = (option: string): CommandError =>
  error(`ERR Unrecognized REPLCONF option: ${option}`)
export const WAIT_ON_REPLICA = error(
  'ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured ' +
    'to be writable (which is not the default) writes to replicas are just local and are not propagated.',
)
export const WAITAOF_ON_REPLICA = error(
  'ERR WAITAOF cannot be used with replica instances. Please also note that writes to replicas are just local and ' +
    'are not propagated.',
)
export const ACKS_WITHOUT_AOF = error(
  'ERR CLIENT ACKS cannot be used with FSYNC when appendonly is disabled.',
)
/** The write is done and cannot be taken back; only nobody has answered for it. */
export const noReplAck = (confirmed: number, wanted: number, where: string): CommandError =>
  error(`NOREPLACK The write is applied here, but confirmed by ${confirmed} of ${wanted} ${where} only.`)
export const BAD_PLACE = error(
  'ERR A place in the history is an offset, or replid:offset as CLIENT OFFSET says',
)
export const LOST_WRITE = error(
  'LOSTWRITE The history that this server follows parted from that one before the offset: the write is not in it.',
)
export const WAITAOF_WITHOUT_AOF = error(
  'ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.',
)

export const HASH_VALUE_NOT_INTEGER = error('ERR hash value is not an integer')
export const HASH_VALUE_NOT_FLOAT = error('ERR hash value is not a float')
export const VALUE_NAN_OR_INFINITY = error('ERR value is NaN or Infinity')
export const FIELDS_MISSING = error('ERR Mandatory argument FIELDS is missing or not at the right position')
/** HIMPORT */
export const FIELDSET_UNKNOWN = error('ERR no such fieldset')
export const FIELDSET_REPEATS = error('ERR duplicate field name in fieldset')
export const FIELDSET_VALUES = error('ERR value count does not match fieldset field count')
export const FIELD_COUNT_MISMATCH = error('ERR The `numfields` parameter must match the number of arguments')
export const BAD_FIELD_COUNT = error('ERR Number of fields must be a positive integer')
export const BAD_FIELD_PARAMETER = error('ERR Parameter `numFields` should be greater than 0')
export const BAD_FIELD_TOTAL = error('ERR invalid number of fields')
export const NEGATIVE_EXPIRE = error('ERR invalid expire time, must be >= 0')
export const ONE_FIELD_CONDITION = error('ERR Only one of FXX or FNX arguments can be specified')
export const ONE_FIELD_LIFETIME = error(
  'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified',
)
export const TOO_MANY_KEYS = error("ERR Number of keys can't be greater than number of args")
export const LIMIT_NEGATIVE = error("ERR LIMIT can't be negative")
export const COUNT_OUT_OF_RANGE = error(
  'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
)
export const BAD_KEY_COUNT = error('ERR numkeys should be greater than 0')
export const BAD_COUNT = error('ERR count should be greater than 0')
export const RANK_ZERO = error(
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from " +
    'the end of the list',
)
export const ZADD_NX_XX = error('ERR XX and NX options at the same time are not compatible')
export const ZADD_CONDITIONS = error('ERR GT, LT, and/or NX options at the same time are not compatible')
export const ZADD_INCR_PAIRS = error('ERR INCR option supports a single increment-element pair')
export const SCORE_NAN = error('ERR resulting score is not a number (NaN)')
export const BAD_SCORE_RANGE = error('ERR min or max is not a float')
export const BAD_LEX_RANGE = error('ERR min or max not valid string range item')
export const LIMIT_BY_RANK = error(
  'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
)
export const WITHSCORES_BY_LEX = error('ERR syntax error, WITHSCORES not supported in combination with BYLEX')
export const BAD_UNIT = error('ERR unsupported unit provided. please use M, KM, FT, MI')
export const BAD_RADIUS = error('ERR need numeric radius')
export const NEGATIVE_RADIUS = error('ERR radius cannot be negative')
export const BAD_WIDTH = error('ERR need numeric width')
export const BAD_HEIGHT = error('ERR need numeric height')
export const NEGATIVE_BOX = error('ERR height or width cannot be negative')
export const NO_POSITION = error('ERR could not decode requested zset member')
export const GEO_COUNT = error('ERR COUNT must be > 0')
export const ANY_WITHOUT_COUNT = error('ERR the ANY argument requires COUNT argument')
export const FEW_CORNERS = error('ERR BYPOLYGON needs at least 3 vertices')
export const BAD_WEIGHT = error('ERR weight value is not a float')
export const COUNT_NEGATIVE = error("ERR COUNT can't be negative")
export const MAXLEN_NEGATIVE = error("ERR MAXLEN can't be negative")
export const NOT_SORTABLE = error("ERR One or more scores can't be converted into double")
export const SORT_BY_IN_CLUSTER = error('ERR BY option of SORT denied in Cluster mode.')
export const SORT_GET_IN_CLUSTER = error('ERR GET option of SORT denied in Cluster mode.')

export const NO_CONFIG_FILE = error('ERR The server is running without a config file')
export const BAD_LOG_COUNT = error('ERR count should be greater than or equal to -1')
export const BAD_LOG_TYPE = error('ERR type should be one of the following: slow, large-request, large-reply')
export const NO_SHUTDOWN = error('ERR No shutdown in progress.')
export const SHUTDOWN_FAILED = error('ERR Errors trying to SHUTDOWN. Check logs.')
export const INVALID_COMMAND = error('ERR Invalid command specified')
export const COMMAND_WITHOUT_KEYS = error('ERR The command has no key arguments')
export const BAD_COMMAND_LENGTH = error('ERR Invalid number of arguments specified for command')
export const BAD_COMMAND_WORDS = error('ERR Invalid arguments specified for command')
export const DEBUG_DB_OUT_OF_RANGE = error('ERR Out of range database')
export const NOT_A_HASH_TABLE = error(
  'ERR The value stored at the specified key is not represented using an hash table',
)
export const BAD_PACKED_THRESHOLD = error(
  'ERR argument must be a memory value bigger than 1 and smaller than 4gb',
)
export const NOT_A_PROTOCOL_TYPE = error(
  'ERR Wrong protocol type name. Please use one of the following: ' +
    'string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false',
)
export const PUSH_NEEDS_RESP3 = error('ERR RESP2 is not supported by this command')
export const NOTHING_TO_RELOAD = error('ERR This server keeps no files that it could be reloaded from')
export const MIGRATE_KEY_NOT_EMPTY = error(
  'ERR When using MIGRATE KEYS option, the key argument must be set to the empty string',
)
export const NOT_IN_MULTI = error('ERR Command not allowed inside a transaction')
export const CANNOT_RESET = error('ERR can only reset normal client connections')
export const NO_PASSWORD_SET = error(
  'ERR AUTH <password> called without any password configured for the default user. Are you sure your ' +
    'configuration is correct?',
)
export const HELLO_NEEDS_AUTH = error(
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> ' +
    'option can be used to authenticate the client and select the RESP protocol version at the same time',
)
export const BAD_PROTOCOL_VERSION = error('ERR Protocol version is not an integer or out of range')
export const BAD_CLIENT_NAME = error(
  'ERR Client names cannot contain spaces, newlines or special characters.',
)
export const BAD_CLIENT_ID = error('ERR client-id should be greater than 0')
export const INVALID_CLIENT_ID = error('ERR Invalid client ID')
export const NO_SUCH_CLIENT = error('ERR No such client')
export const AGE_NOT_INTEGER = error('ERR maxage is not an integer or out of range')
export const AGE_NOT_POSITIVE = error('ERR maxage should be greater than 0')
export const BAD_UNBLOCK_REASON = error('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR')
export const BAD_PAUSE_MODE = error('ERR CLIENT PAUSE mode must be WRITE or ALL')
export const REDIRECTED_TWICE = error('ERR A client can only redirect to a single other client')
export const NO_CLIENT_TO_REDIRECT_TO = error('ERR The client ID you want redirect to does not exist')
export const PREFIX_WITHOUT_BCAST = error('ERR PREFIX option requires BCAST mode to be enabled')
export const BCAST_SWITCHED = error(
  "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a " +
    'different mode.',
)
export const BCAST_WITH_CHOICE = error('ERR OPTIN and OPTOUT are not compatible with BCAST')
export const OPTIN_AND_OPTOUT = error("ERR You can't specify both OPTIN mode and OPTOUT mode")
export const CHOICE_SWITCHED = error(
  "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a " +
    'different mode.',
)
export const CACHING_WITHOUT_TRACKING = error(
  'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
)
export const CACHING_YES_WITHOUT_OPTIN = error(
  'ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.',
)
export const CACHING_NO_WITHOUT_OPTOUT = error(
  'ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.',
)
export const MONITOR_NESTED = error("ERR MONITOR isn't allowed for DENY BLOCKING client")
export const REPLICA_AND_KEYSPACE = error("ERR Replica can't interact with the keyspace")

/** Bytes from a client as they may stand in an error line: line ends become spaces, those at the end go. */
export function errorLine(text: string): string {
  return text.replace(/[\r\n]+$/, '').replace(/[\r\n]/g, ' ')
}

/** Why nothing can be written to the append-only file, in the system's words. */
export const logMisconfigured = (reason: string): CommandError =>
  error(errorLine(`MISCONF Errors writing to the AOF file: ${reason}`))

/** SAVE: what stood in the way. Redis says no more than ERR. */
export const saveFailed = (reason: string): CommandError => error(errorLine(`ERR ${reason}`))

export const wrongArity = (command: string): CommandError =>
  error(`ERR wrong number of arguments for '${command}' command`)

export const invalidExpire = (command: string): CommandError =>
  error(`ERR invalid expire time in '${command}' command`)

/** `what`: which of a command's numbers, as Increment or LBOUND. */
export const notInteger = (what: string): CommandError =>
  error(`ERR ${what} is not an integer or out of range`)
export const notFloat = (what: string): CommandError => error(`ERR ${what} is not a valid float`)

/** Each coordinate with six decimals. */
export const badPosition = (longitude: string, latitude: string): CommandError =>
  error(`ERR invalid longitude,latitude pair ${longitude},${latitude}`)

/** `choices`: FROMMEMBER or FROMLONLAT; `command` as the client wrote it. */
export const oneOfNeeded = (choices: string, command: string): CommandError =>
  error(errorLine(`ERR exactly one of ${choices} can be specified for ${command}`))

export const storedWithoutOptions = (what: string): CommandError =>
  error(`ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`)

/** `command`: as Redis names it, in lower case. */
export const inputKeyNeeded = (command: string): CommandError =>
  error(`ERR at least 1 input key is needed for '${command}' command`)

export const outOfRange = (min: number, max: number): CommandError =>
  error(`ERR value is out of range, value must between ${min} and ${max}`)

export const unsupportedOption = (option: string): CommandError =>
  error(errorLine(`ERR Unsupported option ${option}`))

/** `operation` in capitals: one of those that set the first source against the others. */
export const bitOpTwoKeys = (operation: string): CommandError =>
  error(`ERR BITOP ${operation} must be called with at least two source keys.`)

export const unknownPfdebug = (subcommand: string): CommandError =>
  error(errorLine(`ERR Unknown PFDEBUG subcommand '${subcommand}'`))

export const selfTestFailed = (fault: string): CommandError => error(`ERR TESTFAILED ${fault}`)

/** `name` is cut at 128 bytes, and so are the first words behind it. */
export function unknownCommand(name: string, words: readonly string[]): CommandError {
  let quoted = ''
  for (const word of words) {
    if (quoted.length >= 128) break
    quoted += `'${upToNul(word).slice(0, 128 - quoted.length)}' `
  }
  return error(
    errorLine(`ERR unknown command '${upToNul(name).slice(0, 128)}', with args beginning with: ${quoted}`),
  )
}

/** Redis writes its refusals as C does. */
function upToNul(word: string): string {
  return word.split('\0', 1)[0]
}

export const unknownSubcommand = (subcommand: string, command: string): CommandError =>
  error(errorLine(`ERR unknown subcommand '${subcommand.slice(0, 128)}'. Try ${command.toUpperCase()} HELP.`))

/** Why EXEC may not run; it ends the transaction all the same. */
export const SAVE_IN_PROGRESS = error('ERR Background save already in progress')
export const MODULE_NOT_LOADED = error('ERR Error loading the extension. Please check the server logs.')
export const NO_SUCH_MODULE = error('ERR Error unloading module: no such module with that name')
export const CLUSTER_DISABLED = error('ERR This instance has cluster support disabled')
export const ANOTHER_SNAPSHOT = error(
  "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a " +
    'BGSAVE whenever possible.',
)
export const NO_SAVE_TO_CANCEL = error('ERR Background saving is currently not in progress or scheduled')
export const SNAPSHOT_MISCONFIGURED = error(
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that " +
    'may modify the data set are disabled, because this instance is configured to report errors during writes if RDB ' +
    'snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB ' +
    'error.',
)
export const REWRITE_IN_PROGRESS = error('ERR Background append only file rewriting already in progress')
export const BACKUP_RUNS = error('ERR A backup is already in progress, ABORT it first')
export const BACKUP_WAITS_FOR_CLEANUP = error('ERR A sealed backup exists, CLEANUP it first')
export const BACKUP_FOLDER_IN_USE = error('ERR Backup directory is not empty')
export const NOTHING_TO_SEAL = error('ERR No backup ready to seal (must be in the incrementing state)')
export const NO_BACKUP = error('ERR No backup in progress')
export const BACKUP_NOT_OVER = error('ERR Backup is in progress')
export const backupFailed = (reason: string): CommandError => error(`ERR Backup failed: ${reason}`)
export const RELOAD_OF_LOG_FAILED = error('ERR Error trying to load the AOF files, check server logs.')
export const BAD_RELOAD_OPTION = error(
  'ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.',
)
export const RELOAD_FAILED = error('ERR Error trying to load the RDB dump')

export const execAborted = (refusal: CommandError): CommandError =>
  error(`EXECABORT Transaction discarded because of: ${refusal.line.replace(/^ERR /, '')}`)

export const badHelloOption = (option: string): CommandError =>
  error(errorLine(`ERR Syntax error in HELLO option '${option}'`))
export const unrecognizedOption = (option: string): CommandError =>
  error(errorLine(`ERR Unrecognized option '${option}'`))
/** `attribute` as the client wrote it. */
export const badClientAttribute = (attribute: string): CommandError =>
  error(`ERR ${attribute} cannot contain spaces, newlines or special characters.`)
export const unknownClientType = (type: string): CommandError =>
  error(errorLine(`ERR Unknown client type '${type}'`))
/** `which`: what the other prefix is. */
export const prefixesOverlap = (
  prefix: string,
  which: 'an existing' | 'another provided',
  other: string,
): CommandError =>
  error(
    errorLine(
      `ERR Prefix '${prefix}' overlaps with ${which} prefix '${other}'. ` +
        'Prefixes for a single client must not overlap.',
    ),
  )
export const noSuchUser = (user: string): CommandError => error(errorLine(`ERR No such user '${user}'`))

/** A subcommand with more words than it takes. `command` and `subcommand` as the client wrote them. */
export const misusedSubcommand = (subcommand: string, command: string): CommandError =>
  error(
    errorLine(
      `ERR unknown subcommand or wrong number of arguments for '${subcommand.slice(0, 128)}'. ` +
        `Try ${command.toUpperCase()} HELP.`,
    ),
  )

export const noSamples = (event: string): CommandError =>
  error(errorLine(`ERR No samples available for event '${event}'`))

/** What ends a connection: the sentence after "Protocol error: ". */
export const protocolError = (what: string): CommandError => error(`ERR Protocol error: ${what}`)
