/**
 * The arena's verify mode, for tests: every block is remembered, freed memory is poisoned and must still be
 * poisoned when it is handed out again, and `audit` proves that the structures reach every block exactly once.
 */

import type { Mem } from '../lib/bytes.js'
import { Arena, PAGE_SHIFT, blockBytes, offsetOf } from './arena.js'

const POISON = 0xdb

export class VerifiedArena extends Arena {
  private readonly blocks = new Map<number, number>()
  private readonly poisoned = new Map<number, number>()

  override alloc(bytes: number): number {
    const ref = super.alloc(bytes)
    const size = blockBytes(bytes)
    if (ref === 0) throw new Error('reference 0 was handed out')
    if (this.blocks.has(ref)) throw new Error(`block ${ref} was handed out twice`)
    this.expectPoison(ref, size)
    this.blocks.set(ref, size)
    return ref
  }

  override adopt(mem: Mem): number {
    const ref = super.adopt(mem)
    this.blocks.set(ref, mem.length)
    return ref
  }

  override free(ref: number, bytes: number): void {
    const size = this.blocks.get(ref)
    if (size === undefined) throw new Error(`block ${ref} was freed twice or never handed out`)
    if (size !== blockBytes(bytes)) throw new Error(`block ${ref} of ${size} bytes was freed as ${bytes}`)
    this.blocks.delete(ref)
    const at = offsetOf(ref)
    this.mem(ref).u8.fill(POISON, at, at + size)
    this.poisoned.set(ref, size)
    super.free(ref, bytes)
  }

  /** Pages that change hands are cut anew: what was poisoned in them says nothing any more. */
  protected override findPages(count: number): number {
    const first = super.findPages(count)
    for (const ref of this.poisoned.keys()) {
      const page = ref >>> PAGE_SHIFT
      if (page >= first && page < first + count) this.poisoned.delete(ref)
    }
    return first
  }

  /** Throws unless `reachable` names every live block exactly once, with its size, and `used` is their sum. */
  audit(reachable: Iterable<readonly [ref: number, bytes: number]>): void {
    const seen = new Set<number>()
    let sum = 0
    for (const [ref, bytes] of reachable) {
      if (seen.has(ref)) throw new Error(`block ${ref} is reachable twice`)
      seen.add(ref)
      const size = this.blocks.get(ref)
      if (size === undefined) throw new Error(`block ${ref} is reachable but not allocated`)
      if (size !== blockBytes(bytes))
        throw new Error(`block ${ref} has ${size} bytes, its owner says ${bytes}`)
      sum += size
    }
    for (const ref of this.blocks.keys()) if (!seen.has(ref)) throw new Error(`block ${ref} leaked`)
    if (sum !== this.used) throw new Error(`used is ${this.used}, the blocks sum to ${sum}`)
    this.expectNoOverlap()
  }

  /** The first word links the free list; the rest must be as `free` left it. */
  private expectPoison(ref: number, size: number): void {
    const was = this.poisoned.get(ref)
    this.poisoned.delete(ref)
    if (was !== size) return
    const at = offsetOf(ref)
    const { u8 } = this.mem(ref)
    for (let i = 4; i < size; i++) {
      if (u8[at + i] !== POISON && u8[at + i] !== 0)
        throw new Error(`block ${ref} was written after its free`)
    }
  }

  private expectNoOverlap(): void {
    const sorted = [...this.blocks]
      .map(([ref, size]) => [ref >>> 0, size] as const)
      .sort((a, b) => a[0] - b[0])
    for (let i = 1; i < sorted.length; i++) {
      const [ref, size] = sorted[i - 1]
      if (this.mem(ref).length > 16 << 20) continue
      if (ref + size / 16 > sorted[i][0]) throw new Error(`blocks ${ref} and ${sorted[i][0]} overlap`)
    }
  }
}
