/** Where a command's keys are: what COMMAND INFO tells, COMMAND GETKEYS and ACLs read. Terms and shapes are Redis'. */

/** RO, RW, OW (overwrite), RM (remove); what is done with the value; what kind of name it is. */
export type KeyFlag =
  | 'RO'
  | 'RW'
  | 'OW'
  | 'RM'
  | 'access'
  | 'update'
  | 'insert'
  | 'delete'
  | 'not_key'
  | 'incomplete'
  | 'variable_flags'

export type KeyBegin =
  | { readonly index: number }
  | { readonly keyword: string; readonly from: number }
  | { readonly unknown: true }

export type KeyFind =
  /** Keys up to `last` (from the first; negative: from the end), every `step`-th, of 1/limit of the words. */
  | { readonly last: number; readonly step: number; readonly limit: number }
  /** A count of keys stands at `countAt`, the first key at `first`, both from the beginning. */
  | { readonly countAt: number; readonly first: number; readonly step: number }
  | { readonly unknown: true }

export interface KeySpec {
  readonly flags: readonly KeyFlag[]
  readonly begin: KeyBegin
  readonly find: KeyFind
  readonly notes?: string
}

/** The positions (word 0 is the command's name) of the keys that `spec` finds; null when the words make no sense. */
export function keyPositions(spec: KeySpec, words: readonly string[]): number[] | null {
  const first = beginning(spec.begin, words)
  if (first === 0) return []
  const { find } = spec
  if ('unknown' in find) return []
  if ('countAt' in find) {
    const count = readCount(words[first + find.countAt])
    const start = first + find.first
    // Whoever asks may claim any number: nothing is made before it is known to fit.
    if (count === null || start + (count - 1) * find.step >= words.length) return null
    return Array.from({ length: count }, (_, i) => start + i * find.step)
  }
  return rangePositions(find, first, words.length)
}

/** A number of keys; null when it is none, no key at all, or more than any request holds. */
function readCount(word: string | undefined): number | null {
  return word !== undefined && /^[1-9]\d{0,9}$/.test(word) ? Number(word) : null
}

function rangePositions(
  find: { last: number; step: number; limit: number },
  first: number,
  count: number,
): number[] {
  let last: number
  if (find.last >= 0) last = first + find.last
  else if (find.limit === 0) last = count + find.last
  else last = first + Math.floor((count - first) / find.limit) + find.last
  const positions: number[] = []
  for (let at = first; at <= last && at < count; at += find.step) positions.push(at)
  return positions
}

/** The position of the first word that the spec speaks of; 0 when it does not apply. */
function beginning(begin: KeyBegin, words: readonly string[]): number {
  if ('unknown' in begin) return 0
  if ('index' in begin) return begin.index < words.length ? begin.index : 0
  const wanted = begin.keyword.toLowerCase()
  const step = begin.from < 0 ? -1 : 1
  const from = begin.from < 0 ? words.length + begin.from : begin.from
  for (let at = from; at > 0 && at < words.length; at += step) {
    if (words[at].toLowerCase() === wanted) return at + 1
  }
  return 0
}
