/**
 * V8 compiles a function for what it has seen. What it meets later for the first time makes it throw away all code that
 * the function is part of, and fall back to an interpreter ten times slower: for a hash table that is the 9,217th key,
 * with which a table comes to have a directory, in the middle of somebody's pipeline.
 *
 * So it is shown one at the start, which is used a few times and let go. It takes a few milliseconds.
 */

import { Arena, offsetOf } from './arena.js'
import { Dict } from './dict.js'
import { keyRoom, writeKey } from './key.js'
import { Span } from '../lib/bytes.js'

/** More than fit the buckets of one chunk. */
const ENTRIES_WITH_DIRECTORY = 10_000
const ENTRIES = 32
/** V8 begins to take notes on a function when it has run a few times; and a server has many dicts, not one. */
const DICTS = 2

/** Once in a process, before the first command. */
export function acquaintWithDirectories(): void {
  const arena = new Arena()
  for (let i = 0; i < DICTS; i++) use(arena, new Dict(arena, { k0: 1, k1: 2 }, 0))
}

function use(arena: Arena, dict: Dict): void {
  const hashes = new Int32Array(ENTRIES)
  dict.reserve(ENTRIES_WITH_DIRECTORY)
  const refs = Array.from({ length: ENTRIES }, (_, i) => {
    const key = Span.of(`key:${i}`)
    hashes[i] = dict.hash(key)
    dict.prefetch(hashes, i)
    dict.find(key, hashes[i])
    const ref = arena.alloc(keyRoom(key.length))
    writeKey(arena.mem(ref), offsetOf(ref), key)
    dict.insert(hashes[i], ref)
    return ref
  })
  // So sparse a table shrinks: until it has, there are two, and then the chunks of one are freed.
  refs.forEach((ref, i) => {
    dict.remove(hashes[i], ref)
    dict.prefetch(hashes, ENTRIES)
  })
  while (dict.rehash(ENTRIES));
}
