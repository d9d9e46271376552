/**
 * The shortest sequence that still fails, near enough: pieces are left out as long as what remains fails, first
 * halves, then ever smaller ones (delta debugging, Zeller 1999), at last single ones.
 */
export async function shrink<T>(
  sequence: readonly T[],
  fails: (candidate: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = sequence
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    kept = await withoutPieces(kept, size, fails)
  }
  return kept
}

/** From the end: what comes late mostly matters least, but for the last one, which fails. */
async function withoutPieces<T>(
  sequence: readonly T[],
  size: number,
  fails: (candidate: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = sequence
  for (let end = kept.length - 1; end > 0; end -= size) {
    const candidate = kept.toSpliced(Math.max(0, end - size), Math.min(size, end))
    if (await fails(candidate)) kept = candidate
  }
  return kept
}
