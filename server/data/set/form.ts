/**
 * How a set is stored: see data/form.ts.
 *
 * To change a set is two steps. `seek` looks a member up and remembers where it is, or where it belongs; the call
 * that follows acts on that place without looking again. Nothing else may be asked of the form in between.
 */

import type { Element } from '../../memory/element.js'
import type { ValueForm } from '../form.js'

/** What is done with each member of a walk; `false` ends the walk. The element is good for the time of the call. */
export type MemberVisitor = (member: Element) => boolean | undefined

/** One step of SSCAN. */
export interface ScanStep {
  /** The cursor of the next step; 0 at the end. */
  readonly next: number
  forEach(visit: MemberVisitor): void
}

export interface SetForm extends ValueForm {
  size(root: number): number
  /** Whether the set stays within the form's limits with this member added. */
  takes(root: number, member: Element): boolean
  /** True when the member is there. */
  seek(root: number, member: Element): boolean
  /** Adds the member that was sought in vain; answers the root, which may have moved. */
  insert(root: number, member: Element): number
  /** Removes the member that was found; answers the root, which may have moved. */
  remove(root: number, member: Element): number
  /** Aims `into` at some member, each equally likely. The set is not empty. `removeDrawn` may follow, as after `seek`. */
  random(root: number, into: Element): Element
  /** Removes the member that was drawn; answers the root, which may have moved. */
  removeDrawn(root: number, member: Element): number
  /** The set must not change meanwhile; others may be walked and changed. */
  walk(root: number, visit: MemberVisitor): void
  /** Visits `count` different members, fewer than there are; each selection is equally likely. */
  choose(root: number, count: number, visit: MemberVisitor): void
  scan(root: number, cursor: number, count: number): ScanStep
}

/** Where each form ends: the directives set-max-*. */
export interface SetLimits {
  maxIntsetEntries: number
  maxListpackEntries: number
  maxListpackValue: number
}
