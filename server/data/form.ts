import type { ValuePieces, WriterSeat } from './serial/pieces.js'

/**
 * A form: how values of a type are stored under one encoding. There is one object per encoding, which serves all
 * values of that encoding. A value is named by its *root*, the reference that its entry has as payload.
 *
 * What can be asked of its members is the type's own business (hash/form.ts and its like). This is what is the same for
 * all: that it consists of blocks.
 */
export interface ValueForm {
  /** As OBJECT ENCODING answers it. */
  readonly name: string
  /** A value without members; answers its root. */
  create(): number
  copy(root: number): number
  free(root: number): void
  /** Frees about `budget` blocks; true when none is left. */
  freeSlice(root: number, budget: number): boolean
  /** How many blocks there are, about. */
  effort(root: number): number
  /** Bytes of all blocks. */
  bytes(root: number): number
  blocks(root: number): Iterable<readonly [ref: number, bytes: number]>
  /**
   * Where values may be big: begins to write one in pieces, but for their number, which is written already. `isOf`:
   * see ValuePieces.
   */
  pieces?(root: number, seat: WriterSeat, isOf: (ref: number) => boolean): ValuePieces
}
