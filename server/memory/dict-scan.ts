import type { Dict } from './dict.js'

/** Buckets that a step looks into for each entry wanted: a sparse table must not hold it up. */
const BUCKETS_PER_ENTRY = 10

/** One step of SCAN and its kin: shows about `count` entries, a bucket at a time; answers the next cursor, 0 at the end. */
export function scanAbout(dict: Dict, cursor: number, count: number, visit: (ref: number) => void): number {
  let shown = 0
  const show = (ref: number): void => {
    shown++
    visit(ref)
  }
  let next = dict.scan(cursor, show)
  for (let left = count * BUCKETS_PER_ENTRY; next !== 0 && left > 0 && shown < count; left--) {
    next = dict.scan(next, show)
  }
  return next
}
