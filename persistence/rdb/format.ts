/**
 * The RDB file, as we write it; FORMAT.md has a worked example.
 *
 *      file      =  magic part* END checksum
 *      magic     =  "REDIS" and the version in four digits, or "VALKEY" and three
 *      part      =  AUX string string                   a fact about the file
 *                |  FUNCTION string                     the source of a library
 *                |  SELECTDB length                     the database of the keys that follow
 *                |  RESIZEDB length length              how many keys it has, and how many with a time to live
 *                |  age? expiry? meta? type string value      a key
 *                |  MODULE_AUX ...                      skipped
 *                |  SLOT_INFO length length length      skipped
 *                |  SLOT_IMPORT string length (length length)*      Valkey's, skipped
 *      expiry    =  EXPIRES_MS int64  |  EXPIRES int32, seconds
 *      meta      =  KEY_META length (uint32 ...)*      Redis', of modules: skipped
 *      age       =  IDLE length, seconds  |  FREQ byte
 *      checksum  =  uint64, CRC-64 of all before it; 0: not computed; from version 5 on
 *
 * Lengths and strings: server/data/serial/encoding.ts. Types and values: the rooms of server/data. Numbers are little
 * endian where nothing else is said.
 */

export const Opcode = {
  /** Of Redis since 8.6. */
  keyMeta: 243,
  /** The same number, of Valkey since 9.0. */
  slotImport: 243,
  slotInfo: 244,
  functionLibrary: 245,
  /** Of 7.0's release candidates. */
  functionOld: 246,
  moduleAux: 247,
  idle: 248,
  frequency: 249,
  aux: 250,
  resizeDb: 251,
  expiresMs: 252,
  expires: 253,
  selectDb: 254,
  end: 255,
} as const

/** Opcodes are from here on; what is below is the type of a value. */
export const FIRST_OPCODE = 243

/** What stands before each part of a module's data. */
export const ModuleOpcode = { end: 0, signed: 1, unsigned: 2, float: 3, double: 4, string: 5 } as const

/** Written: the oldest that can hold our data. Redis 7.0 and all after it read it. */
export const VERSION_WRITTEN = 10
/** Redis 8.10. */
export const REDIS_VERSION_MAX = 15
/** Valkey counts from 80 on, and gave its files a magic of their own. */
export { VALKEY_VERSION_MIN } from '../../server/data/serial/encoding.js'
export const VALKEY_VERSION_MAX = 81

export const MAGIC_BYTES = 9
export const CHECKSUM_BYTES = 8
/** The first version that ends with a checksum. */
export const CHECKSUM_SINCE = 5
