/**
 * The blocks of a stream, little endian but for ids (see stream-id.ts).
 *
 *      root       length i64, entries ever added i64, last id, first id, greatest deleted id,
 *                 id table of nodes, name table of groups, pad, producers
 *      group      last delivered id, entries read i64 (-1: unknown), id table of what is pending, name table of
 *                 consumers, pad, oldest delivery i64 (unix ms), name
 *      consumer   seen i64, active i64 (unix ms; -1: never), how many entries it has to answer for, name
 *
 *      node       in the id table under its first id: reference of a block with a listpack (see node.ts), its bytes
 *      pending    in the group's id table: delivered i64 (unix ms), deliveries i64, reference of the consumer
 *                 (0: nobody)
 *
 * No block but nodes ever moves, so references between them stay good.
 */

import { keyRoom } from '../../memory/key.js'
import { ID_BYTES } from './stream-id.js'

export const LENGTH_AT = 0
export const ADDED_AT = 8
export const LAST_ID_AT = 16
export const FIRST_ID_AT = 32
export const DELETED_ID_AT = 48
export const NODES_AT = 64
export const GROUPS_AT = 80
export const PRODUCERS_AT = 96
export const ROOT_BYTES = 112

export const READ_AT = ID_BYTES
export const PENDING_AT = 24
export const CONSUMERS_AT = 40
export const OLDEST_AT = 56
export const GROUP_NAME_AT = 64

export const SEEN_AT = 0
export const ACTIVE_AT = 8
export const OWNED_AT = 16
export const CONSUMER_NAME_AT = 20

/** Behind the id of a node. */
export const BLOCK_AT = 0
export const ROOM_AT = 4
export const NODE_DATA_BYTES = 8

/** Behind the id of a pending entry. */
export const DELIVERED_AT = 0
export const DELIVERIES_AT = 8
export const OWNER_AT = 16
export const PENDING_DATA_BYTES = 20

export function groupBytes(nameLength: number): number {
  return GROUP_NAME_AT + keyRoom(nameLength)
}

export function consumerBytes(nameLength: number): number {
  return CONSUMER_NAME_AT + keyRoom(nameLength)
}
