import { copyBytes } from '../lib/bytes.js'
import { type Arena, offsetOf } from './arena.js'

/** Gives a block another size, of its bytes as many as both have. Answers where it is now. */
export function reallocate(arena: Arena, ref: number, from: number, to: number): number {
  if (arena.sameClass(from, to)) return ref
  const made = arena.alloc(to)
  copyBytes(arena.mem(made), offsetOf(made), arena.mem(ref), offsetOf(ref), Math.min(from, to))
  arena.free(ref, from)
  return made
}
