/**
 * What clients are told of the subkeys of an event: for a hash, the fields that a command changed.
 *
 *      __subkeyspace@<db>__:<key>                <event>|<subkeys>
 *      __subkeyevent@<db>__:<event>              <key length>:<key>|<subkeys>
 *      __subkeyspaceitem@<db>__:<key>\n<subkey>  <event>, a message for each subkey
 *      __subkeyspaceevent@<db>__:<event>|<key>   <subkeys>
 *
 *      subkeys = length ":" subkey *("," length ":" subkey)      lengths in bytes
 *
 * A channel or message whose parts could not be told apart again is left out: an event with a `|`, a key with a newline.
 * Source: Redis documentation, "Redis subkey notifications".
 */

import type { Span } from '../lib/bytes.js'
import { Event } from '../keyspace/events.js'

/** The classes by which a client asks for subkeys, in whatever form. */
const SUBKEY_FORMS = Event.subkeySpace | Event.subkeyEvent | Event.subkeySpaceItem | Event.subkeySpaceEvent

/** True when those who ask for the event classes `notify` want to know the subkeys of an event of class `flag`. */
export function wantsSubkeys(notify: number, flag: number): boolean {
  return (notify & flag) !== 0 && (notify & SUBKEY_FORMS) !== 0
}

/** An event with its subkeys, as text of one byte for each character. */
export interface SubkeyEvent {
  readonly db: number
  readonly key: string
  readonly name: string
  readonly subkeys: readonly string[]
}

/** The channels and messages, in order, in which those who ask for `notify` are told of an event. */
export function* subkeyMessages(notify: number, event: SubkeyEvent): Generator<readonly [string, string]> {
  const { db, key, name, subkeys } = event
  const listed = subkeys.map(counted).join(',')
  const separable = !name.includes('|')
  if ((notify & Event.subkeySpace) !== 0 && separable) {
    yield [`__subkeyspace@${db}__:${key}`, `${name}|${listed}`]
  }
  if ((notify & Event.subkeyEvent) !== 0) {
    yield [`__subkeyevent@${db}__:${name}`, `${counted(key)}|${listed}`]
  }
  if ((notify & Event.subkeySpaceItem) !== 0 && !key.includes('\n')) {
    for (const subkey of subkeys) yield [`__subkeyspaceitem@${db}__:${key}\n${subkey}`, name]
  }
  if ((notify & Event.subkeySpaceEvent) !== 0 && separable) {
    yield [`__subkeyspaceevent@${db}__:${name}|${key}`, listed]
  }
}

export function subkeyEvent(db: number, key: Span, name: string, subkeys: readonly Span[]): SubkeyEvent {
  return { db, key: key.latin1(), name, subkeys: subkeys.map(subkey => subkey.latin1()) }
}

function counted(text: string): string {
  return `${text.length}:${text}`
}
