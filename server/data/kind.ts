/** What the keyspace must know of a type, and all it knows: how to free, weigh and name its values. */

export interface ValueKind {
  /** As TYPE answers it. */
  readonly name: string
  /** The room that the value takes inside its entry. */
  inlineBytes(ref: number): number
  /** Frees what the value holds outside its entry. */
  free(ref: number): void
  /** As OBJECT ENCODING answers it. */
  encodingName(ref: number): string
  /** Bytes that the value holds outside its entry. */
  bytes(ref: number): number
  /** How many blocks freeing takes: from 64 on, UNLINK and lazy frees do it in slices. */
  freeEffort(ref: number): number
  /** The blocks outside the entry, for the arena's audit. */
  blocks(ref: number): Iterable<readonly [ref: number, bytes: number]>
}
