/**
 * How RDB files and DUMP write lengths and strings: what every value is made of.
 *
 *      length   00LLLLLL                              up to 63
 *               01LLLLLL LLLLLLLL                     up to 16,383
 *               10000000 and 4 bytes, big endian      up to 2^32 - 1
 *               10000001 and 8 bytes, big endian      anything
 *      string   length, bytes
 *               11000000 int8                         an integer in decimal digits
 *               11000001 int16, little endian
 *               11000010 int32, little endian
 *               11000011 length length bytes          compressed length, full length, LZF
 */

export const LENGTH_14 = 0x40
export const LENGTH_32 = 0x80
export const LENGTH_64 = 0x81
/** The two high bits 11: not a length, but how the string is written. */
export const SPECIAL = 0xc0

export const INT8 = 0
export const INT16 = 1
export const INT32 = 2
export const LZF = 3

/** What a value begins with, by type and form. Numbers are Redis' own; those above 255 are in no file. */
export const RdbType = {
  string: 0,
  list: 1,
  set: 2,
  zset: 3,
  hash: 4,
  /** Scores as doubles rather than as text. */
  zset2: 5,
  module2: 7,
  hashZipmap: 9,
  listZiplist: 10,
  setIntset: 11,
  zsetZiplist: 12,
  hashZiplist: 13,
  listQuicklist: 14,
  streamListpacks: 15,
  hashListpack: 16,
  zsetListpack: 17,
  listQuicklist2: 18,
  streamListpacks2: 19,
  setListpack: 20,
  streamListpacks3: 21,
  /** Hashes whose fields have times to live, as 7.4's release candidates wrote them: without the earliest time. */
  hashMetadataOld: 22,
  hashListpackExOld: 23,
  /** The same since 7.4. */
  hashMetadata: 24,
  hashListpackEx: 25,
  /** Streams that remember what producers have sent (8.6). */
  streamListpacks4: 26,
  /** And which pending entries nobody answers for (8.8). */
  streamListpacks5: 27,
  /** Valkey's hashes whose fields have times to live (9.0). In its files the number is 22. */
  hashTimed: 0x100 | 22,
} as const

/** From this version on, a file or a payload is Valkey's. */
export const VALKEY_VERSION_MIN = 80

/** What a type means in a file or payload of a version: Redis and Valkey have given one number twice. */
export function rdbTypeOf(type: number, version: number): number {
  return version >= VALKEY_VERSION_MIN && type === RdbType.hashMetadataOld ? RdbType.hashTimed : type
}
