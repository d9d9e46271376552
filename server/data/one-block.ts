/** A value that is one block, whose first bytes tell its size: a listpack or an intset. */

import { copyBytes, type Mem, Span } from '../lib/bytes.js'
import { type Arena, blockBytes, offsetOf } from '../memory/arena.js'
import { reallocate } from '../memory/reallocate.js'

export abstract class OneBlock {
  constructor(protected readonly arena: Arena) {}

  /** The bytes in use: what the block was asked with. */
  protected abstract length(root: number): number

  /** The value as it is written to files. */
  packed(root: number): Span {
    return new Span(this.mem(root), offsetOf(root), this.length(root))
  }

  /** A value of bytes as `packed` gives them. */
  adopt(packed: Span): number {
    const root = this.arena.alloc(packed.length)
    packed.copyTo(this.mem(root), offsetOf(root))
    return root
  }

  copy(root: number): number {
    const bytes = this.length(root)
    const made = this.arena.alloc(bytes)
    copyBytes(this.mem(made), offsetOf(made), this.mem(root), offsetOf(root), bytes)
    return made
  }

  free(root: number): void {
    this.arena.free(root, this.length(root))
  }

  freeSlice(root: number): boolean {
    this.free(root)
    return true
  }

  effort(): number {
    return 1
  }

  bytes(root: number): number {
    return blockBytes(this.length(root))
  }

  *blocks(root: number): Generator<readonly [ref: number, bytes: number]> {
    yield [root, this.length(root)]
  }

  protected mem(root: number): Mem {
    return this.arena.mem(root)
  }

  /** Gives the block another size; answers where it is now. */
  protected resize(root: number, from: number, to: number): number {
    return reallocate(this.arena, root, from, to)
  }
}
