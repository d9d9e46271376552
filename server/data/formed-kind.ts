/**
 * The part of a type that only asks which form a value has: sets, hashes and sorted sets alike.
 *
 * The entry's payload is the root of the form; 0 while the value has no member yet, as between its creation and its
 * first. The entry's encoding is the form's place in `forms`.
 */

import type { Entries, Type } from './entry.js'
import type { ValueForm } from './form.js'
import type { Place } from './kind.js'
import type { ValuePieces, WriterSeat } from './serial/pieces.js'
import { BIG_TABLE_MIN } from './serial/region-save.js'

export abstract class FormedKind<Form extends ValueForm> {
  protected abstract readonly forms: readonly Form[]

  constructor(
    private readonly type: Type,
    protected readonly entries: Entries,
  ) {}

  inlineBytes(): number {
    return 0
  }

  encodingName(ref: number): string {
    return this.form(ref).name
  }

  copy(ref: number, place: Place): number {
    const root = this.form(ref).copy(this.entries.payload(ref))
    return this.placed(place, this.entries.encoding(ref), root)
  }

  free(ref: number): void {
    const root = this.entries.payload(ref)
    if (root !== 0) this.form(ref).free(root)
  }

  freeSlice(ref: number, budget: number): boolean {
    const root = this.entries.payload(ref)
    if (root !== 0 && !this.form(ref).freeSlice(root, budget)) return false
    this.entries.setPayload(ref, 0)
    return true
  }

  freeEffort(ref: number): number {
    const root = this.entries.payload(ref)
    return root === 0 ? 0 : this.form(ref).effort(root)
  }

  bytes(ref: number): number {
    return this.form(ref).bytes(this.entries.payload(ref))
  }

  blocks(ref: number): Iterable<readonly [ref: number, bytes: number]> {
    const root = this.entries.payload(ref)
    return root === 0 ? [] : this.form(ref).blocks(root)
  }

  isBig(ref: number): boolean {
    const root = this.entries.payload(ref)
    const form = this.form(ref)
    return root !== 0 && form.pieces !== undefined && form.effort(root) >= BIG_TABLE_MIN
  }

  pieces(ref: number, seat: WriterSeat): ValuePieces {
    const { entries, type } = this
    const root = entries.payload(ref)
    const isOf = (other: number): boolean => entries.type(other) === type && entries.payload(other) === root
    const pieces = this.form(ref).pieces?.(root, seat, isOf)
    if (pieces === undefined) throw new Error('a value of this form is written in one piece')
    return pieces
  }

  protected form(ref: number): Form {
    return this.forms[this.entries.encoding(ref)]
  }

  /** The value is now this root, in this form. Answers the root. */
  protected become(ref: number, encoding: number, root: number): number {
    this.entries.setEncoding(ref, this.type, encoding)
    this.entries.setPayload(ref, root)
    return root
  }

  /** A change may have moved the root. */
  protected follow(ref: number, from: number, to: number): void {
    if (from !== to) this.entries.setPayload(ref, to)
  }

  /** Makes an entry and has it filled; when that throws, nothing is left behind. Answers the entry. */
  protected filled(place: Place, fill: (ref: number) => void): number {
    const { entries } = this
    const made = place(0)
    try {
      fill(made)
      return made
    } catch (error) {
      this.free(made)
      entries.arena.free(made, entries.bytes(made, 0))
      throw error
    }
  }

  /** Makes the entry of a value that is there already. */
  protected placed(place: Place, encoding: number, root: number): number {
    const made = place(0)
    this.become(made, encoding, root)
    return made
  }
}
