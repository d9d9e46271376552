/**
 * How a hash is stored: see data/form.ts.
 *
 * To change a hash is two steps. `seek` looks a field up and remembers where it is, or where it belongs; the call that
 * follows acts on that place without looking again. Nothing else may be asked of the form in between.
 */

import type { Span } from '../../lib/bytes.js'
import type { Element } from '../../memory/element.js'
import type { ValueForm } from '../form.js'

/** What is done with each field of a walk; `false` ends the walk. Both are good for the time of the call. */
export type FieldVisitor = (field: Element, value: Element) => boolean | undefined

/** As FieldVisitor, with the time of the field: unix ms, or NO_TIME. */
export type TimedFieldVisitor = (field: Span, value: Span, time: number) => void

/** One step of HSCAN. */
export interface ScanStep {
  /** The cursor of the next step; 0 at the end. */
  readonly next: number
  forEach(visit: FieldVisitor): void
}

export interface HashForm extends ValueForm {
  /** Fields, those included whose time has come but that nobody removed yet. */
  size(root: number): number
  /** Whether a field and its value are short enough for the form. */
  holds(field: Element, value: Element): boolean
  /** Whether another field would be one too many. */
  isFull(root: number): boolean
  /** True when the field is there, and alive. */
  seek(root: number, field: Element): boolean
  /** The value of the field that was found. */
  value(root: number, into: Element): Element
  /** Adds the field that was sought in vain; answers the root, which may have moved. */
  insert(root: number, field: Element, value: Element): number
  /** Gives the field that was found another value. `keepsTime`: its time to live stays, else it has none any more. */
  replace(root: number, value: Element, keepsTime: boolean): number
  /** Removes the field that was found; answers the root, which may have moved. */
  remove(root: number): number
  /** Visits the living. The hash must not change meanwhile. */
  walk(root: number, visit: FieldVisitor): void
  /** Visits some living field, each equally likely; none when all are dead. */
  draw(root: number, visit: FieldVisitor): void
  /** Visits `count` different fields, fewer than there are; each selection is equally likely. */
  choose(root: number, count: number, visit: FieldVisitor): void
  scan(root: number, cursor: number, count: number): ScanStep
}

/** Where listpacks end: the directives hash-max-listpack-*. */
export interface HashLimits {
  maxListpackEntries: number
  maxListpackValue: number
}

/** What time it is, and whether it counts: the keyspace. */
export interface Lifetimes {
  /** Unix ms. */
  readonly now: number
  /** `ignore`: nothing is dead until somebody says so. */
  readonly expiryMode: 'delete' | 'hide' | 'ignore'
}
