/** A value that is one block, whose first bytes tell its size: a listpack or an intset. */

import { copyBytes, type Mem, Span } from '../lib/bytes.js'
import { type Arena, blockBytes, growingBytes, offsetOf } from '../memory/arena.js'
import { reallocate } from '../memory/reallocate.js'

export abstract class OneBlock {
  constructor(protected readonly arena: Arena) {}

  /** The bytes in use: what the block was asked with, but for what it may grow. */
  protected abstract length(root: number): number

  /** The value as it is written to files. */
  packed(root: number): Span {
    return new Span(this.mem(root), offsetOf(root), this.length(root))
  }

  /** A value of bytes as `packed` gives them. */
  adopt(packed: Span): number {
    const root = this.arena.alloc(growingBytes(packed.length))
    packed.copyTo(this.mem(root), offsetOf(root))
    return root
  }

  copy(root: number): number {
    const bytes = this.length(root)
    const made = this.arena.alloc(growingBytes(bytes))
    copyBytes(this.mem(made), offsetOf(made), this.mem(root), offsetOf(root), bytes)
    return made
  }

  free(root: number): void {
    this.arena.free(root, this.room(root))
  }

  freeSlice(root: number): boolean {
    this.free(root)
    return true
  }

  effort(): number {
    return 1
  }

  bytes(root: number): number {
    return blockBytes(this.room(root))
  }

  *blocks(root: number): Generator<readonly [ref: number, bytes: number]> {
    yield [root, this.room(root)]
  }

  protected mem(root: number): Mem {
    return this.arena.mem(root)
  }

  /** The bytes of the block. */
  private room(root: number): number {
    return growingBytes(this.length(root))
  }

  /** Gives the block another size; answers where it is now. */
  protected resize(root: number, from: number, to: number): number {
    return reallocate(this.arena, root, growingBytes(from), growingBytes(to))
  }
}
