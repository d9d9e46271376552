/**
 * Sets: distinct members without order, in one of three forms.
 *
 *      intset      integers only, up to set-max-intset-entries
 *      listpack    up to set-max-listpack-entries, each up to set-max-listpack-value bytes long
 *      table       anything
 *
 * A set that outgrows its form takes the next that holds it, and never goes back. The entry's payload is the root of
 * the form; 0 while the set has no member yet, as between its creation and its first.
 */

import type { Span } from '../../lib/bytes.js'
import type { Random } from '../../lib/random.js'
import type { Arena } from '../../memory/arena.js'
import type { Dict, HashKey } from '../../memory/dict.js'
import { Element } from '../../memory/element.js'
import { type Entries, Type } from '../entry.js'
import { FormedKind } from '../formed-kind.js'
import type { Place, ValueKind } from '../kind.js'
import { divide } from '../selection.js'
import { RdbType } from '../serial/encoding.js'
import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import type { ValueDigest } from '../value-digest.js'
import type { MemberVisitor, ScanStep, SetForm, SetLimits } from './form.js'
import { IntsetForm } from './intset-form.js'
import { ListpackForm } from './listpack-form.js'
import { readMembers, SET_RDB_TYPES } from './reading.js'
import { TableForm } from './table-form.js'

/** Encodings: places in `forms`. */
const INTSET = 0
const LISTPACK = 1
const TABLE = 2

export class Sets extends FormedKind<SetForm> implements ValueKind {
  readonly name = 'set'
  readonly rdbTypes = SET_RDB_TYPES
  readonly limits: SetLimits = { maxIntsetEntries: 512, maxListpackEntries: 128, maxListpackValue: 64 }
  private readonly intset: IntsetForm
  private readonly listpack: ListpackForm
  private readonly table: TableForm
  protected readonly forms: readonly SetForm[]
  private readonly member = new Element()
  private readonly drawn = new Element()

  constructor(
    arena: Arena,
    entries: Entries,
    hashKey: HashKey,
    private readonly chance: Random,
  ) {
    super(Type.set, entries)
    this.intset = new IntsetForm(arena, chance, this.limits)
    this.listpack = new ListpackForm(arena, chance, this.limits)
    this.table = new TableForm(arena, chance, hashKey)
    this.forms = [this.intset, this.listpack, this.table]
  }

  // Asking --------------------------------------------------------------------------------------------------

  size(ref: number): number {
    const root = this.entries.payload(ref)
    return root === 0 ? 0 : this.form(ref).size(root)
  }

  has(ref: number, member: Span): boolean {
    return this.hasElement(ref, this.member.set(member))
  }

  hasElement(ref: number, member: Element): boolean {
    const root = this.entries.payload(ref)
    return root !== 0 && this.form(ref).seek(root, member)
  }

  /** Some member, each equally likely; good until the next draw or change. */
  draw(ref: number): Span {
    return this.form(ref).random(this.entries.payload(ref), this.drawn).span()
  }

  /** Visits every member until `visit` says false. The set must not change meanwhile; others may. */
  walk(ref: number, visit: MemberVisitor): void {
    const root = this.entries.payload(ref)
    if (root !== 0) this.form(ref).walk(root, visit)
  }

  /** Visits `count` different members (all, if there are no more), each selection equally likely. */
  choose(ref: number, count: number, visit: MemberVisitor): void {
    if (count >= this.size(ref)) this.walk(ref, visit)
    else this.form(ref).choose(this.entries.payload(ref), count, visit)
  }

  scan(ref: number, cursor: number, count: number): ScanStep {
    return this.form(ref).scan(this.entries.payload(ref), cursor, count)
  }

  /** The hash table of a set that has one. */
  dict(ref: number): Dict | null {
    return this.entries.encoding(ref) === TABLE ? this.table.table(this.entries.payload(ref)) : null
  }

  // Changing ------------------------------------------------------------------------------------------------

  /** False when it was a member already. The member's bytes must not be this set's own. */
  add(ref: number, member: Span): boolean {
    return this.addElement(ref, this.member.set(member))
  }

  addElement(ref: number, member: Element): boolean {
    let root = this.entries.payload(ref)
    if (root === 0) root = this.begin(ref, member)
    let form = this.form(ref)
    if (form.seek(root, member)) return false
    if (!form.takes(root, member)) {
      root = this.outgrow(ref, member)
      form = this.form(ref)
    }
    this.follow(ref, root, form.insert(root, member))
    return true
  }

  /** False when it was no member. A set left without members is its owner's to delete. */
  remove(ref: number, member: Span): boolean {
    return this.removeElement(ref, this.member.set(member))
  }

  removeElement(ref: number, member: Element): boolean {
    const root = this.entries.payload(ref)
    const form = this.form(ref)
    if (root === 0 || !form.seek(root, member)) return false
    this.follow(ref, root, form.remove(root, member))
    return true
  }

  /** Removes the member drawn last, whose bytes are gone then. */
  removeDrawn(ref: number): void {
    const root = this.entries.payload(ref)
    this.follow(ref, root, this.form(ref).removeDrawn(root, this.drawn))
  }

  /**
   * Visits `count` of the members, each selection equally likely, and adds the others, at least one, to the empty set
   * `rest`. None is removed.
   */
  divide(ref: number, count: number, rest: number, visit: MemberVisitor): void {
    const size = this.size(ref)
    const walk = (tell: MemberVisitor): void => {
      this.walk(ref, tell)
    }
    const keep = (member: Element): undefined => void this.addElement(rest, member)
    this.reserve(rest, size - count)
    divide(size, count, this.chance, walk, visit, keep)
  }

  /** Prepares an empty set for so many members, that none of their insertions has to make it grow. */
  reserve(ref: number, size: number): void {
    if (size <= Math.max(this.limits.maxListpackEntries, this.limits.maxIntsetEntries)) return
    this.become(ref, TABLE, this.table.create())
    this.table.reserve(this.entries.payload(ref), size)
  }

  // As a kind -----------------------------------------------------------------------------------------------

  rdbType(ref: number): number {
    return this.entries.encoding(ref) === INTSET ? RdbType.setIntset : RdbType.set
  }

  serialize(ref: number, writer: ValueWriter): void {
    if (this.entries.encoding(ref) === INTSET) {
      writer.string(this.intset.packed(this.entries.payload(ref)))
      return
    }
    writer.size(this.size(ref))
    this.walk(ref, member => {
      writer.string(member.span())
      return undefined
    })
  }

  override pieces(ref: number, seat: WriterSeat): ValuePieces {
    seat.writer.size(this.size(ref))
    return super.pieces(ref, seat)
  }

  deserialize(rdbType: number, reader: ValueReader, place: Place): number {
    return this.filled(place, ref =>
      readMembers(rdbType, reader, {
        reserve: size => {
          this.reserve(ref, size)
        },
        add: member => this.add(ref, member),
      }),
    )
  }

  digest(ref: number, digest: ValueDigest): void {
    this.walk(ref, member => {
      digest.unordered(member.span().bytes())
      return undefined
    })
  }

  elements(ref: number, visit: (member: Span) => void): void {
    this.walk(ref, member => {
      visit(member.span())
      return undefined
    })
  }

  // Inside --------------------------------------------------------------------------------------------------

  private begin(ref: number, first: Element): number {
    const encoding = first.isInteger ? INTSET : LISTPACK
    return this.become(ref, encoding, this.forms[encoding].create())
  }

  /** Takes the next form that holds all members and `more`, which is sought there. Answers the root. */
  private outgrow(ref: number, more: Element): number {
    const from = this.form(ref)
    const root = this.entries.payload(ref)
    const encoding = from === this.intset && this.fitsListpack(from.size(root), more) ? LISTPACK : TABLE
    const to = this.forms[encoding]
    let grown = to.create()
    from.walk(root, member => {
      to.seek(grown, member)
      grown = to.insert(grown, member)
      return undefined
    })
    from.free(root)
    to.seek(grown, more)
    return this.become(ref, encoding, grown)
  }

  /** Whether so many integers and one more member may be a listpack. */
  private fitsListpack(integers: number, more: Element): boolean {
    const { maxListpackEntries, maxListpackValue } = this.limits
    return integers < maxListpackEntries && Math.max(INTEGER_TEXT_MAX, more.span().length) <= maxListpackValue
  }
}

/** '-' and 19 digits. */
const INTEGER_TEXT_MAX = 20
