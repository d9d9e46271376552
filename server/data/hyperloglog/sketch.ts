/**
 * A HyperLogLog being changed.
 *
 * A sketch is a workbench: it takes the bytes of a value, adds elements or merges registers, turns sparse
 * into dense when it must, and holds the new bytes in `value` until the next `load` or `begin`. Working on a
 * copy means that a value found corrupt halfway has not been half changed (Redis' has).
 *
 * One sketch serves a server for all its commands; it makes no garbage.
 */
import { Mem, Span } from '../../lib/bytes.js'
import { packDense, raiseDense } from './dense.js'
import { ElementHash } from './element.js'
import {
  DENSE,
  DENSE_BYTES,
  EMPTY_SPARSE_BYTES,
  HEADER_BYTES,
  REGISTERS,
  SPARSE,
  isDense,
  markStale,
  setEncoding,
  writeHeader,
} from './format.js'
import { GROWTH_MAX, SparseEditor } from './sparse-editor.js'
import { XZERO_BIT, mergeSparse } from './sparse.js'

/** `corrupt`: the sparse opcodes do not make 16384 registers (INVALIDOBJ); the value is then to be dropped. */
export type Change = 'raised' | 'kept' | 'corrupt'

/** Room for a dense sketch, and for any sparse one within the usual limits. */
const USUAL_BYTES = 16 * 1024

export class Sketch {
  /** The bytes as they stand. */
  readonly value = new Span(Mem.ofSize(USUAL_BYTES), 0, 0)
  private readonly editor = new SparseEditor(this.value)
  private readonly element = new ElementHash()
  private readonly registers = new Uint8Array(REGISTERS)

  /** Starts from an empty sketch: sparse, one opcode, its cached cardinality stale. */
  begin(): this {
    this.makeRoom(EMPTY_SPARSE_BYTES)
    writeHeader(this.value, SPARSE)
    const u8 = this.value.mem.u8
    u8[HEADER_BYTES] = XZERO_BIT | ((REGISTERS - 1) >> 8)
    u8[HEADER_BYTES + 1] = (REGISTERS - 1) & 0xff
    return this
  }

  /** Starts from a copy of `value`, which must have passed `isHyperLogLog`. */
  load(value: Span): this {
    this.makeRoom(value.length)
    value.copyTo(this.value.mem, 0)
    return this
  }

  /** Adds an element. A sparse sketch that would outgrow `sparseMax` bytes becomes dense. */
  add(element: Span, sparseMax: number): Change {
    this.element.of(element)
    return this.raise(this.element.index, this.element.rank, sparseMax)
  }

  /** Lifts every register to the one given (one byte each): what PFMERGE does to its destination. */
  merge(registers: Uint8Array, sparseMax: number): Change {
    let change: Change = 'kept'
    for (let index = 0; index < REGISTERS; index++) {
      if (registers[index] === 0) continue
      const raised = this.raise(index, registers[index], sparseMax)
      if (raised === 'corrupt') return raised
      if (raised === 'raised') change = raised
    }
    return change
  }

  /** Makes the sketch dense, its cached cardinality unchanged. */
  toDense(): Change {
    if (isDense(this.value)) return 'kept'
    this.registers.fill(0)
    if (!mergeSparse(this.value, this.registers)) return 'corrupt'
    this.value.length = DENSE_BYTES
    setEncoding(this.value, DENSE)
    packDense(this.registers, this.value.mem.u8, HEADER_BYTES)
    return 'raised'
  }

  /** Adds an element to a dense value where it lies, which needs no copy: its length never changes. */
  addInPlace(dense: Span, element: Span): boolean {
    this.element.of(element)
    const raised = raiseDense(dense.mem.u8, dense.start + HEADER_BYTES, this.element.index, this.element.rank)
    if (raised) markStale(dense)
    return raised
  }

  private raise(index: number, rank: number, sparseMax: number): Change {
    if (isDense(this.value)) return this.raiseDense(index, rank)
    this.grow(this.value.length + GROWTH_MAX)
    const edit = this.editor.raise(index, rank, sparseMax)
    if (edit === 'full') return this.toDense() === 'corrupt' ? 'corrupt' : this.raiseDense(index, rank)
    if (edit === 'raised') markStale(this.value)
    return edit
  }

  private raiseDense(index: number, rank: number): Change {
    if (!raiseDense(this.value.mem.u8, HEADER_BYTES, index, rank)) return 'kept'
    markStale(this.value)
    return 'raised'
  }

  /** Memory for `length` bytes, their content yet to be written; what an outsize value needed is let go. */
  private makeRoom(length: number): void {
    this.editor.rewind()
    this.value.length = 0
    if (this.value.mem.length > 2 * USUAL_BYTES) this.value.mem = Mem.ofSize(USUAL_BYTES)
    this.grow(length)
    this.value.length = length
  }

  private grow(bytes: number): void {
    const { value } = this
    if (bytes <= value.mem.length) return
    const larger = Mem.ofSize(2 * bytes)
    value.copyTo(larger, 0)
    value.mem = larger
  }
}
