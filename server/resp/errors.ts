/**
 * What a client can do wrong: a closed list of Redis' own sentences. Each is built once; throwing a ready
 * object costs a twentieth of building one. Sentences that quote the client are functions.
 */

/** An error reply: `line` is what follows the '-' on the wire, code first. */
export class CommandError extends Error {
  constructor(readonly line: string) {
    super(line)
    this.name = 'CommandError'
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
export const BAD_DB_INDEX = error('ERR invalid DB index')
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
export const BAD_DATA = error('ERR Bad data format')
export const NO_PROTO = error('NOPROTO unsupported protocol version')
export const TIMEOUT_NEGATIVE = error('ERR timeout is negative')
export const TIMEOUT_NOT_FLOAT = error('ERR timeout is not a float or out of range')
export const TIMEOUT_NOT_INTEGER = error('ERR timeout is not an integer or out of range')

/** Bytes from a client as they may stand in an error line: CR, LF and friends become spaces. */
export function errorLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ')
}

export const wrongArity = (command: string): CommandError =>
  error(`ERR wrong number of arguments for '${command}' command`)

export const invalidExpire = (command: string): CommandError =>
  error(`ERR invalid expire time in '${command}' command`)

/** `name` is cut at 128 bytes, and so are the first words behind it. */
export function unknownCommand(name: string, words: readonly string[]): CommandError {
  let quoted = ''
  for (const word of words) {
    if (quoted.length >= 128) break
    quoted += `'${word.slice(0, 128 - quoted.length)}' `
  }
  return error(errorLine(`ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${quoted}`))
}

export const unknownSubcommand = (subcommand: string, command: string): CommandError =>
  error(errorLine(`ERR unknown subcommand '${subcommand.slice(0, 128)}'. Try ${command.toUpperCase()} HELP.`))

/** What ends a connection: the sentence after "Protocol error: ". */
export const protocolError = (what: string): CommandError => error(`ERR Protocol error: ${what}`)
