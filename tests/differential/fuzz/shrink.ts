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

/** The same for the words of a request, whose first stays; then long words are halved. */
export async function shrinkWords(
  words: readonly string[],
  fails: (candidate: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  let kept = words
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    const [name, ...rest] = kept
    // Turned round, so that the end may go and the name, now the last, stays.
    const turned = await withoutPieces([...rest, name], size, ([...candidate]) =>
      fails([candidate.pop()!, ...candidate]),
    )
    kept = [name, ...turned.slice(0, -1)]
  }
  for (let at = 1; at < kept.length; at++) kept = await withShorter(kept, at, fails)
  return kept
}

/** Longer words than this say little that shorter ones do not. */
const WORD_MAX = 16

async function withShorter(
  words: readonly string[],
  at: number,
  fails: (candidate: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  let kept = words
  while (kept[at].length > WORD_MAX) {
    const candidate = kept.with(at, kept[at].slice(0, kept[at].length >> 1))
    if (!(await fails(candidate))) break
    kept = candidate
  }
  return kept
}

/** From the end: what comes late mostly matters least, but for the last one, which stays. */
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
